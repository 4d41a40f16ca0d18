#!/bin/sh
# Writes onnx_pb.ts from onnx.proto. Needs npm; run it after a change to onnx.proto.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm install --silent --prefix . @bufbuild/buf@1.75.0 @bufbuild/protoc-gen-es@2.17.0
cp "$here/onnx.proto" .
cat > buf.gen.yaml <<'YAML'
version: v2
plugins:
  - local: ./node_modules/.bin/protoc-gen-es
    out: .
    opt: [target=ts, json_types=false]
YAML
./node_modules/.bin/buf generate onnx.proto
sed -e 's#"@bufbuild/protobuf/codegenv2"#"../../lib/npm/protobuf.ts"#' \
  -e 's#"@bufbuild/protobuf"#"../../lib/npm/protobuf.ts"#' \
  -e 's/AttributeProto_AttributeType/AttributeType/g' -e 's/TensorProto_DataType/DataType/g' -e 's/TensorProto_DataLocation/DataLocation/g' \
  -e 's/TypeProto_Tensor/TensorType/g' -e 's/TensorShapeProto_Dimension/Dimension/g' \
  -e 's/file_onnx/onnxFile/g' -e '/eslint-disable/d' onnx_pb.ts > "$here/onnx_pb.ts"
deno fmt --quiet "$here/onnx_pb.ts"

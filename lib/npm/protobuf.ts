/** Protocol Buffers: how ONNX graphs are written. */
export * from "npm:@bufbuild/protobuf@2.17.0";
export {
  enumDesc,
  fileDesc,
  type GenEnum,
  type GenFile,
  type GenMessage,
  messageDesc,
  tsEnum,
} from "npm:@bufbuild/protobuf@2.17.0/codegenv2";

/** The model runtime. Its native library is loaded at the first import. */
import ort from "npm:onnxruntime-node@1.30.0";
export type { InferenceSession, Tensor, TypedTensor } from "npm:onnxruntime-node@1.30.0";
export default ort;

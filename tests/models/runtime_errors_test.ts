import assert from "node:assert/strict";
import { classifyRuntimeError } from "../../models/runtime_errors.ts";

const MESSAGES = {
  out_of_memory: [
    "Non-zero status code returned while running Conv node. Name:'/e/raw/Conv' Status Message: " +
    "/onnxruntime_src/onnxruntime/core/framework/bfc_arena.cc:360 void* onnxruntime::BFCArena::" +
    "AllocateRawInternal(size_t, bool, onnxruntime::Stream*) Failed to allocate memory for " +
    "requested buffer of size 80000000000",
    "Non-zero status code returned while running Mul node. Name:'m' Status Message: std::bad_alloc",
    "BFC Arena ran out of memory trying to allocate 4096. Current allocation summary follows",
    "Available memory of 1024 is smaller than requested bytes of 4096",
    "CUDA failure 2: out of memory ; GPU=0 ; hostname=a ; expr=cudaMalloc((void**)&p, size);",
    "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0 ; hostname=a ; expr=cublasCreate(&h)",
    "CUDNN failure 2: CUDNN_STATUS_ALLOC_FAILED ; GPU=0",
    "CUDNN failure 4: CUDNN_STATUS_INTERNAL_ERROR ; GPU=0 ; hostname=a",
    "cudaErrorMemoryAllocation: cannot allocate",
  ],
  device_lost: [
    "CUDA failure 700: an illegal memory access was encountered ; GPU=0 ; hostname=a",
    "CUDA error cudaErrorIllegalAddress: an illegal memory access was encountered",
    "CUDA failure 719: unspecified launch failure ; GPU=0",
    "CUDA failure 710: device-side assert triggered ; GPU=0",
    "CUDA failure 709: context is destroyed ; GPU=0",
    "CUDA failure 214: uncorrectable ECC error encountered ; GPU=0",
    "CUDA failure 46: all CUDA-capable devices are busy or unavailable ; GPU=0",
    "CUDA-capable device(s) is/are busy or unavailable",
    "WebGPU device was lost: the driver was reset",
    // A poisoned context that fails its next allocation: a smaller batch would not mend it.
    "CUDA failure 700: an illegal memory access was encountered ; expr=cudaMalloc: out of memory",
  ],
  other: [
    "Invalid rank for input: audio Got: 2 Expected: 3 Please fix either the inputs/outputs or the model.",
    "Non-zero status code returned while running Conv node. Status Message: Invalid input shape: {330}",
    "Unexpected input data type. Actual: (tensor(int32)) , expected: (tensor(float))",
    "Session already disposed.",
    "Failed to load model because protobuf parsing failed.",
    "",
  ],
} as const;

for (const [kind, messages] of Object.entries(MESSAGES)) {
  Deno.test(`classifyRuntimeError() gives ${kind} for the messages of that kind`, () => {
    for (const message of messages) {
      assert.equal(classifyRuntimeError(new Error(message)), kind, message);
    }
  });
}

Deno.test("classifyRuntimeError() takes whatever was thrown", () => {
  assert.equal(classifyRuntimeError("std::bad_alloc"), "out_of_memory");
  assert.equal(classifyRuntimeError(undefined), "other");
  assert.equal(classifyRuntimeError({ message: "out of memory" }), "other");
});

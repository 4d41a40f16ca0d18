/** Creating repositories and committing files on the Hugging Face Hub. */
export * from "npm:@huggingface/hub@2.17.5";

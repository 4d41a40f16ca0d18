/** FFmpeg as a native addon: demuxers, decoders, swresample. */
export * from "npm:node-av@6.1.1";

/**
 * FFmpeg as a native addon: demuxers, decoders, swresample. Only its low level: the high level
 * also loads device and WebRTC code, and reads environment variables that a sandbox need not grant.
 */
export * from "npm:node-av@6.1.1/lib";
export * from "npm:node-av@6.1.1/constants";

/** File patterns as the Hub and `datasets` write them. */
export { default as picomatch } from "npm:picomatch@4.0.3";

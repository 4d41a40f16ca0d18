/**
 * What of FFmpeg is used.
 *
 * @module
 */

/**
 * Demuxers of containers that hold audio. Playlists, concatenation scripts, devices and
 * subtitles stay out: a file that calls itself audio must not make FFmpeg open other files.
 */
export const DEMUXERS: string = [
  "aac,ac3,act,aea,aiff,amr,amrnb,amrwb,ape,apc,asf,asf_o,ast,au,avi,avr,caf,codec2,dsf,dss",
  "dts,dtshd,dv,eac3,epaf,flac,flv,g722,g729,gsm,hca,iff,ilbc,ircam,loas,lvf,matroska,mlp",
  "mov,mp3,mpc,mpc8,mpeg,mpegts,mxf,nistsphere,nsv,nut,ogg,oma,paf,pvf,qcp,rm,rso,sbc,sds",
  "shn,sln,sol,sox,spdif,swf,tak,truehd,tta,vag,voc,vqf,w64,wav,wsd,wtv,wv,wve,xa,xwma",
].join(",");

/** Decoders of lossless codecs whose frames carry checksums, which FFmpeg only checks when told to. */
export const CHECKSUM_CODECS: ReadonlySet<string> = new Set([
  "ape",
  "flac",
  "tak",
  "tta",
  "wavpack",
]);

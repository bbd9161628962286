import { createChunker, fileHash, finalize, hashToHex, nextBlock } from '@huggingface/xetchunk-wasm'
import { readFile } from 'node:fs/promises'

/** The Xet hash that this client gives a file. */
const chunker = createChunker()
const chunks = [...nextBlock(chunker, await readFile(process.argv[2]))]
const last = finalize(chunker)
if (last) chunks.push(last)
console.log(hashToHex(fileHash(chunks)))

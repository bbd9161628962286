/**
 * Heavy work on bytes, computed on this machine: by a pool of threads, or on the calling thread for tests.
 *
 * A conversation stays on the thread that has the fewest when it is opened; its batches are transferred there and its results back,
 * never copied. Threads start with the first work and do not keep a command alive that waits for nothing. Bytes are judged by
 * `tasks.ts` alone, the same for both. A thread that dies takes its conversations with it (`broken`) and nothing else.
 *
 * Never: a store, the database, a socket. Memory: per conversation `worksInFlight` batches with their answers, one open chunk (128 KiB) or
 * record, and what its result is made of; batches are freed as soon as they are read, without waiting for the collector. Unpacking can
 * answer 240 times a batch: whoever decodes knows the index, and chooses batches by what comes out.
 */
export { openInlineCompute } from './inline.ts'
export { openThreadCompute } from './threads.ts'

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FormatError } from '../error.ts'
import { groupBytes } from './bg4.ts'
import { decodeLz4Frame, encodeLz4Frame } from './lz4.ts'
import { bf16Noise, joined, lcg, lz4Frame, ramp, sequence, utf8 } from './test-support.ts'
import { xxh32 } from './xxh32.ts'

const lines = (length: number): Uint8Array => {
  const all = Array.from({ length: length / 10 }, (_, i) => {
    return `${i}: layer.${i % 7} weight ${(i * i * 31) % 997}\n`
  })
  return utf8(all.join('').slice(0, length))
}

/** 70,000 bytes that repeat, between two texts. */
const raw = joined(lines(700), ramp(70_000), lines(700))

/** Frames of `raw` in base64: by Python's lz4 4.4.5 (library 1.9.4), the last by @huggingface/hub 2.17.5. */
const golden: readonly [string, string][] = [
  [
    'independent, 64 KiB, as hf_xet',
    `
      BCJNGGBAgmkDAAD0BjA6IGxheWVyLjAgd2VpZ2h0IDAKMRQAFDEUAEQzMQoyFQAUMhUAVDEyNAozPwAUMxYAVDI3OQo0
      FgAUNBYAVDQ5Ngo1FgAUNRYAVDc3NQo2FgAUNhYAVDExOQo3FgAFlwBUNTIyCjgWAAWZAFQ5ODcKORYABZoAVTUxNwox
      2gAFmwBVMTA5CjHdAAWcAFU3NjAKMd8ABZ0AVTQ3Ngox4AAFngBVMjU0CjHhAAWfAEU5NAox4QAGnwBFOTMKMeIABaAA
      VTk1Nwox4wAFoABVOTgzCjHkAAagADU0CjHkAAWfAFUyMjQKMuQABZ8AVTQzNgoy5AAFnwBVNzEwCjLkAAWgAEU0OQoy
      4wAFnwBVNDQ3CjLjAAafAEUwNwoy5AAFnwBVNDMyCjLkAAWgAEUxOQoy4wAFnwBVNjY1CjLjAAWfAFUzNzYKMuQABZ8A
      VTE0OQoz5AAFoAD/+Tk4MQozMTogAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v
      MDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0
      dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5
      uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+
      /wAB////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      /////////////////////////////////////////////////////////////////ylQP0BBQkN6AgAA//FERUZHSElK
      S0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6P
      kJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU
      1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+/wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZ
      GhscHR4fICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj9AQUJDAAH/////////////////////////LPQGMDog
      bGF5ZXIuMCB3ZWlnaHQgMAoxFAAUMRQARDMxCjIVABQyFQBUMTI0CjM/ABQzFgBUMjc5CjQWABQ0FgBUNDk2CjUWABQ1
      FgBUNzc1CjYWABQ2FgBUMTE5CjcWAAWXAFQ1MjIKOBYABZkAVDk4Nwo5FgAFmgBVNTE3CjHaAAWbAFUxMDkKMd0ABZwA
      VTc2MAox3wAFnQBVNDc2CjHgAAWeAFUyNTQKMeEABZ8ARTk0CjHhAAafAEU5Mwox4gAFoABVOTU3CjHjAAWgAFU5ODMK
      MeQABqAANTQKMeQABZ8AVTIyNAoy5AAFnwBVNDM2CjLkAAWfAFU3MTAKMuQABaAARTQ5CjLjAAWfAFU0NDcKMuMABp8A
      RTA3CjLkAAWfAFU0MzIKMuQABaAARTE5CjLjAAWfAFU2NjUKMuMABZ8AVTM3Ngoy5AAFnwBVMTQ5CjPkAAWgAIA5ODEK
      MzE6IAAAAAA=
    `,
  ],
  [
    'independent, 64 KiB, content size and checksum',
    `
      BCJNGGxA6BYBAAAAAADAaQMAAPQGMDogbGF5ZXIuMCB3ZWlnaHQgMAoxFAAUMRQARDMxCjIVABQyFQBUMTI0CjM/ABQz
      FgBUMjc5CjQWABQ0FgBUNDk2CjUWABQ1FgBUNzc1CjYWABQ2FgBUMTE5CjcWAAWXAFQ1MjIKOBYABZkAVDk4Nwo5FgAF
      mgBVNTE3CjHaAAWbAFUxMDkKMd0ABZwAVTc2MAox3wAFnQBVNDc2CjHgAAWeAFUyNTQKMeEABZ8ARTk0CjHhAAafAEU5
      Mwox4gAFoABVOTU3CjHjAAWgAFU5ODMKMeQABqAANTQKMeQABZ8AVTIyNAoy5AAFnwBVNDM2CjLkAAWfAFU3MTAKMuQA
      BaAARTQ5CjLjAAWfAFU0NDcKMuMABp8ARTA3CjLkAAWfAFU0MzIKMuQABaAARTE5CjLjAAWfAFU2NjUKMuMABZ8AVTM3
      Ngoy5AAFnwBVMTQ5CjPkAAWgAP/5OTgxCjMxOiAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYn
      KCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9gYWJjZGVmZ2hpamts
      bW5vcHFyc3R1dnd4eXp7fH1+f4CBgoOEhYaHiImKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGio6SlpqeoqaqrrK2ur7Cx
      srO0tba3uLm6u7y9vr/AwcLDxMXGx8jJysvMzc7P0NHS09TV1tfY2drb3N3e3+Dh4uPk5ebn6Onq6+zt7u/w8fLz9PX2
      9/j5+vv8/f7/AAH/////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////KVA/QEFCQ3oCAAD/
      8URFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9gYWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1+f4CBgoOEhYaH
      iImKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGio6SlpqeoqaqrrK2ur7CxsrO0tba3uLm6u7y9vr/AwcLDxMXGx8jJysvM
      zc7P0NHS09TV1tfY2drb3N3e3+Dh4uPk5ebn6Onq6+zt7u/w8fLz9PX29/j5+vv8/f7/AAECAwQFBgcICQoLDA0ODxAR
      EhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0BBQkMAAf//////////////////////
      //8s9AYwOiBsYXllci4wIHdlaWdodCAwCjEUABQxFABEMzEKMhUAFDIVAFQxMjQKMz8AFDMWAFQyNzkKNBYAFDQWAFQ0
      OTYKNRYAFDUWAFQ3NzUKNhYAFDYWAFQxMTkKNxYABZcAVDUyMgo4FgAFmQBUOTg3CjkWAAWaAFU1MTcKMdoABZsAVTEw
      OQox3QAFnABVNzYwCjHfAAWdAFU0NzYKMeAABZ4AVTI1NAox4QAFnwBFOTQKMeEABp8ARTkzCjHiAAWgAFU5NTcKMeMA
      BaAAVTk4Mwox5AAGoAA1NAox5AAFnwBVMjI0CjLkAAWfAFU0MzYKMuQABZ8AVTcxMAoy5AAFoABFNDkKMuMABZ8AVTQ0
      Nwoy4wAGnwBFMDcKMuQABZ8AVTQzMgoy5AAFoABFMTkKMuMABZ8AVTY2NQoy4wAFnwBVMzc2CjLkAAWfAFUxNDkKM+QA
      BaAAgDk4MQozMTogAAAAAGd1JJY=
    `,
  ],
  [
    'linked, 64 KiB',
    `
      BCJNGEBAwGkDAAD0BjA6IGxheWVyLjAgd2VpZ2h0IDAKMRQAFDEUAEQzMQoyFQAUMhUAVDEyNAozFgAUMxYAVDI3OQo0
      FgAUNBYAVDQ5Ngo1FgAUNRYAVDc3NQo2FgAUNhYAVDExOQo3FgAFlwBUNTIyCjgWAAWZAFQ5ODcKORYABZoAVTUxNwox
      2gAFmwBVMTA5CjHdAAWcAFU3NjAKMd8ABZ0AVTQ3Ngox4AAFngBVMjU0CjHhAAWfAEU5NAox4QAGnwBFOTMKMeIABaAA
      VTk1Nwox4wAFoABVOTgzCjHkAAagADU0CjHkAAWfAFUyMjQKMuQABZ8AVTQzNgoy5AAFnwBVNzEwCjLkAAWgAEU0OQoy
      4wAFnwBVNDQ3CjLjAAafAEUwNwoy5AAFnwBVNDMyCjLkAAWgAEUxOQoy4wAFnwBVNjY1CjLjAAWfAFUzNzYKMuQABZ8A
      VTE0OQoz5AAFoAD/+Tk4MQozMTogAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v
      MDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0
      dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5
      uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+
      /wAB////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      /////////////////////////////////////////////////////////////////ylQP0BBQkN6AQAADwD9////////
      //////////////////8t9AYwOiBsYXllci4wIHdlaWdodCAwCjEUABQxFABEMzEKMhUAFDIVAFQxMjQKMxYAFDMWAFQy
      NzkKNBYAFDQWAFQ0OTYKNRYAFDUWAFQ3NzUKNhYAFDYWAFQxMTkKNxYABZcAVDUyMgo4FgAFmQBUOTg3CjkWAAWaAFU1
      MTcKMdoABZsAVTEwOQox3QAFnABVNzYwCjHfAAWdAFU0NzYKMeAABZ4AVTI1NAox4QAFnwBFOTQKMeEABp8ARTkzCjHi
      AAWgAFU5NTcKMeMABaAAVTk4Mwox5AAGoAA1NAox5AAFnwBVMjI0CjLkAAWfAFU0MzYKMuQABZ8AVTcxMAoy5AAFoABF
      NDkKMuMABZ8AVTQ0Nwoy4wAGnwBFMDcKMuQABZ8AVTQzMgoy5AAFoABFMTkKMuMABZ8AVTY2NQoy4wAFnwBVMzc2CjLk
      AAWfAFUxNDkKM+QABaAAgDk4MQozMTogAAAAAA==
    `,
  ],
  [
    'linked, 64 KiB, content size and checksum',
    `
      BCJNGExA6BYBAAAAAAA7aQMAAPQGMDogbGF5ZXIuMCB3ZWlnaHQgMAoxFAAUMRQARDMxCjIVABQyFQBUMTI0CjMWABQz
      FgBUMjc5CjQWABQ0FgBUNDk2CjUWABQ1FgBUNzc1CjYWABQ2FgBUMTE5CjcWAAWXAFQ1MjIKOBYABZkAVDk4Nwo5FgAF
      mgBVNTE3CjHaAAWbAFUxMDkKMd0ABZwAVTc2MAox3wAFnQBVNDc2CjHgAAWeAFUyNTQKMeEABZ8ARTk0CjHhAAafAEU5
      Mwox4gAFoABVOTU3CjHjAAWgAFU5ODMKMeQABqAANTQKMeQABZ8AVTIyNAoy5AAFnwBVNDM2CjLkAAWfAFU3MTAKMuQA
      BaAARTQ5CjLjAAWfAFU0NDcKMuMABp8ARTA3CjLkAAWfAFU0MzIKMuQABaAARTE5CjLjAAWfAFU2NjUKMuMABZ8AVTM3
      Ngoy5AAFnwBVMTQ5CjPkAAWgAP/5OTgxCjMxOiAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYn
      KCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9gYWJjZGVmZ2hpamts
      bW5vcHFyc3R1dnd4eXp7fH1+f4CBgoOEhYaHiImKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGio6SlpqeoqaqrrK2ur7Cx
      srO0tba3uLm6u7y9vr/AwcLDxMXGx8jJysvMzc7P0NHS09TV1tfY2drb3N3e3+Dh4uPk5ebn6Onq6+zt7u/w8fLz9PX2
      9/j5+vv8/f7/AAH/////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////KVA/QEFCQ3oBAAAP
      AP3//////////////////////////y30BjA6IGxheWVyLjAgd2VpZ2h0IDAKMRQAFDEUAEQzMQoyFQAUMhUAVDEyNAoz
      FgAUMxYAVDI3OQo0FgAUNBYAVDQ5Ngo1FgAUNRYAVDc3NQo2FgAUNhYAVDExOQo3FgAFlwBUNTIyCjgWAAWZAFQ5ODcK
      ORYABZoAVTUxNwox2gAFmwBVMTA5CjHdAAWcAFU3NjAKMd8ABZ0AVTQ3Ngox4AAFngBVMjU0CjHhAAWfAEU5NAox4QAG
      nwBFOTMKMeIABaAAVTk1Nwox4wAFoABVOTgzCjHkAAagADU0CjHkAAWfAFUyMjQKMuQABZ8AVTQzNgoy5AAFnwBVNzEw
      CjLkAAWgAEU0OQoy4wAFnwBVNDQ3CjLjAAafAEUwNwoy5AAFnwBVNDMyCjLkAAWgAEUxOQoy4wAFnwBVNjY1CjLjAAWf
      AFUzNzYKMuQABZ8AVTE0OQoz5AAFoACAOTgxCjMxOiAAAAAAZ3Uklg==
    `,
  ],
  [
    'linked, 256 KiB, content checksum',
    `
      BCJNGERQ5tkEAAD0BjA6IGxheWVyLjAgd2VpZ2h0IDAKMRQAFDEUAEQzMQoyFQAUMhUAVDEyNAozFgAUMxYAVDI3OQo0
      FgAUNBYAVDQ5Ngo1FgAUNRYAVDc3NQo2FgAUNhYAVDExOQo3FgAFlwBUNTIyCjgWAAWZAFQ5ODcKORYABZoAVTUxNwox
      2gAFmwBVMTA5CjHdAAWcAFU3NjAKMd8ABZ0AVTQ3Ngox4AAFngBVMjU0CjHhAAWfAEU5NAox4QAGnwBFOTMKMeIABaAA
      VTk1Nwox4wAFoABVOTgzCjHkAAagADU0CjHkAAWfAFUyMjQKMuQABZ8AVTQzNgoy5AAFnwBVNzEwCjLkAAWgAEU0OQoy
      4wAFnwBVNDQ3CjLjAAafAEUwNwoy5AAFnwBVNDMyCjLkAAWgAEUxOQoy4wAFnwBVNjY1CjLjAAWfAFUzNzYKMuQABZ8A
      VTE0OQoz5AAFoAD/+Tk4MQozMTogAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v
      MDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0
      dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5
      uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+
      /wAB////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      bvQGMDogbGF5ZXIuMCB3ZWlnaHQgMAoxFAAUMRQARDMxCjIVABQyFQBUMTI0CjMWABQzFgBUMjc5CjQWABQ0FgBUNDk2
      CjUWABQ1FgBUNzc1CjYWABQ2FgBUMTE5CjcWAAWXAFQ1MjIKOBYABZkAVDk4Nwo5FgAFmgBVNTE3CjHaAAWbAFUxMDkK
      Md0ABZwAVTc2MAox3wAFnQBVNDc2CjHgAAWeAFUyNTQKMeEABZ8ARTk0CjHhAAafAEU5Mwox4gAFoABVOTU3CjHjAAWg
      AFU5ODMKMeQABqAANTQKMeQABZ8AVTIyNAoy5AAFnwBVNDM2CjLkAAWfAFU3MTAKMuQABaAARTQ5CjLjAAWfAFU0NDcK
      MuMABp8ARTA3CjLkAAWfAFU0MzIKMuQABaAARTE5CjLjAAWfAFU2NjUKMuMABZ8AVTM3Ngoy5AAFnwBVMTQ5CjPkAAWg
      AIA5ODEKMzE6IAAAAABndSSW
    `,
  ],
  [
    'linked, 4 MiB, content size',
    `
      BCJNGEhw6BYBAAAAAADQ2QQAAPQGMDogbGF5ZXIuMCB3ZWlnaHQgMAoxFAAUMRQARDMxCjIVABQyFQBUMTI0CjMWABQz
      FgBUMjc5CjQWABQ0FgBUNDk2CjUWABQ1FgBUNzc1CjYWABQ2FgBUMTE5CjcWAAWXAFQ1MjIKOBYABZkAVDk4Nwo5FgAF
      mgBVNTE3CjHaAAWbAFUxMDkKMd0ABZwAVTc2MAox3wAFnQBVNDc2CjHgAAWeAFUyNTQKMeEABZ8ARTk0CjHhAAafAEU5
      Mwox4gAFoABVOTU3CjHjAAWgAFU5ODMKMeQABqAANTQKMeQABZ8AVTIyNAoy5AAFnwBVNDM2CjLkAAWfAFU3MTAKMuQA
      BaAARTQ5CjLjAAWfAFU0NDcKMuMABp8ARTA3CjLkAAWfAFU0MzIKMuQABaAARTE5CjLjAAWfAFU2NjUKMuMABZ8AVTM3
      Ngoy5AAFnwBVMTQ5CjPkAAWgAP/5OTgxCjMxOiAAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyAhIiMkJSYn
      KCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl9gYWJjZGVmZ2hpamts
      bW5vcHFyc3R1dnd4eXp7fH1+f4CBgoOEhYaHiImKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGio6SlpqeoqaqrrK2ur7Cx
      srO0tba3uLm6u7y9vr/AwcLDxMXGx8jJysvMzc7P0NHS09TV1tfY2drb3N3e3+Dh4uPk5ebn6Onq6+zt7u/w8fLz9PX2
      9/j5+vv8/f7/AAH/////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      //////////9u9AYwOiBsYXllci4wIHdlaWdodCAwCjEUABQxFABEMzEKMhUAFDIVAFQxMjQKMxYAFDMWAFQyNzkKNBYA
      FDQWAFQ0OTYKNRYAFDUWAFQ3NzUKNhYAFDYWAFQxMTkKNxYABZcAVDUyMgo4FgAFmQBUOTg3CjkWAAWaAFU1MTcKMdoA
      BZsAVTEwOQox3QAFnABVNzYwCjHfAAWdAFU0NzYKMeAABZ4AVTI1NAox4QAFnwBFOTQKMeEABp8ARTkzCjHiAAWgAFU5
      NTcKMeMABaAAVTk4Mwox5AAGoAA1NAox5AAFnwBVMjI0CjLkAAWfAFU0MzYKMuQABZ8AVTcxMAoy5AAFoABFNDkKMuMA
      BZ8AVTQ0Nwoy4wAGnwBFMDcKMuQABZ8AVTQzMgoy5AAFoABFMTkKMuMABZ8AVTY2NQoy4wAFnwBVMzc2CjLkAAWfAFUx
      NDkKM+QABaAAgDk4MQozMTogAAAAAA==
    `,
  ],
  [
    'independent, 1 MiB',
    `
      BCJNGGBgUdkEAAD0BjA6IGxheWVyLjAgd2VpZ2h0IDAKMRQAFDEUAEQzMQoyFQAUMhUAVDEyNAozFgAUMxYAVDI3OQo0
      FgAUNBYAVDQ5Ngo1FgAUNRYAVDc3NQo2FgAUNhYAVDExOQo3FgAFlwBUNTIyCjgWAAWZAFQ5ODcKORYABZoAVTUxNwox
      2gAFmwBVMTA5CjHdAAWcAFU3NjAKMd8ABZ0AVTQ3Ngox4AAFngBVMjU0CjHhAAWfAEU5NAox4QAGnwBFOTMKMeIABaAA
      VTk1Nwox4wAFoABVOTgzCjHkAAagADU0CjHkAAWfAFUyMjQKMuQABZ8AVTQzNgoy5AAFnwBVNzEwCjLkAAWgAEU0OQoy
      4wAFnwBVNDQ3CjLjAAafAEUwNwoy5AAFnwBVNDMyCjLkAAWgAEUxOQoy4wAFnwBVNjY1CjLjAAWfAFUzNzYKMuQABZ8A
      VTE0OQoz5AAFoAD/+Tk4MQozMTogAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v
      MDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0
      dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5
      uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+
      /wAB////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      bvQGMDogbGF5ZXIuMCB3ZWlnaHQgMAoxFAAUMRQARDMxCjIVABQyFQBUMTI0CjMWABQzFgBUMjc5CjQWABQ0FgBUNDk2
      CjUWABQ1FgBUNzc1CjYWABQ2FgBUMTE5CjcWAAWXAFQ1MjIKOBYABZkAVDk4Nwo5FgAFmgBVNTE3CjHaAAWbAFUxMDkK
      Md0ABZwAVTc2MAox3wAFnQBVNDc2CjHgAAWeAFUyNTQKMeEABZ8ARTk0CjHhAAafAEU5Mwox4gAFoABVOTU3CjHjAAWg
      AFU5ODMKMeQABqAANTQKMeQABZ8AVTIyNAoy5AAFnwBVNDM2CjLkAAWfAFU3MTAKMuQABaAARTQ5CjLjAAWfAFU0NDcK
      MuMABp8ARTA3CjLkAAWfAFU0MzIKMuQABaAARTE5CjLjAAWfAFU2NjUKMuMABZ8AVTM3Ngoy5AAFnwBVMTQ5CjPkAAWg
      AIA5ODEKMzE6IAAAAAA=
    `,
  ],
  [
    'as the JavaScript client',
    `
      BCJNGEBw39kEAAD0BjA6IGxheWVyLjAgd2VpZ2h0IDAKMRQAFDEUAEQzMQoyFQAUMhUAVDEyNAozFgAUMxYAVDI3OQo0
      FgAUNBYAVDQ5Ngo1FgAUNRYAVDc3NQo2FgAUNhYAVDExOQo3FgAFlwBUNTIyCjgWAAWZAFQ5ODcKORYABZoAVTUxNwox
      2gAFmwBVMTA5CjHdAAWcAFU3NjAKMd8ABZ0AVTQ3Ngox4AAFngBVMjU0CjHhAAWfAEU5NAox4QAGnwBFOTMKMeIABaAA
      VTk1Nwox4wAFoABVOTgzCjHkAAagADU0CjHkAAWfAFUyMjQKMuQABZ8AVTQzNgoy5AAFnwBVNzEwCjLkAAWgAEU0OQoy
      4wAFnwBVNDQ3CjLjAAafAEUwNwoy5AAFnwBVNDMyCjLkAAWgAEUxOQoy4wAFnwBVNjY1CjLjAAWfAFUzNzYKMuQABZ8A
      VTE0OQoz5AAFoAD/+Tk4MQozMTogAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4v
      MDEyMzQ1Njc4OTo7PD0+P0BBQkNERUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbG1ub3BxcnN0
      dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsbKztLW2t7i5
      uru8vb6/wMHCw8TFxsfIycrLzM3Oz9DR0tPU1dbX2Nna29zd3t/g4eLj5OXm5+jp6uvs7e7v8PHy8/T19vf4+fr7/P3+
      /wAB////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      ////////////////////////////////////////////////////////////////////////////////////////////
      bvQGMDogbGF5ZXIuMCB3ZWlnaHQgMAoxFAAUMRQARDMxCjIVABQyFQBUMTI0CjMWABQzFgBUMjc5CjQWABQ0FgBUNDk2
      CjUWABQ1FgBUNzc1CjYWABQ2FgBUMTE5CjcWAAWXAFQ1MjIKOBYABZkAVDk4Nwo5FgAFmgBVNTE3CjHaAAWbAFUxMDkK
      Md0ABZwAVTc2MAox3wAFnQBVNDc2CjHgAAWeAFUyNTQKMeEABZ8ARTk0CjHhAAafAEU5Mwox4gAFoABVOTU3CjHjAAWg
      AFU5ODMKMeQABqAANTQKMeQABZ8AVTIyNAoy5AAFnwBVNDM2CjLkAAWfAFU3MTAKMuQABaAARTQ5CjLjAAWfAFU0NDcK
      MuMABp8ARTA3CjLkAAWfAFU0MzIKMuQABaAARTE5CjLjAAWfAFU2NjUKMuMABZ8AVTM3Ngoy5AAFnwBVMTQ5CjPkAAWg
      AIA5ODEKMzE6IAAAAAA=
    `,
  ],
]

const goldenFrames = golden.map(([name, text]): [string, Uint8Array] => [
  name,
  Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'base64')),
])

const refused = (frame: Uint8Array, rawBytes: number, message: RegExp): void => {
  assert.throws(
    () => decodeLz4Frame(frame, rawBytes),
    (error) => {
      assert.ok(error instanceof FormatError, String(error))
      assert.match(error.message, message)
      assert.match(error.message, /^LZ4 frame: .*\.$/)
      return true
    },
  )
}

void test('frames of other writers are read, in every flavour', () => {
  for (const [name, frame] of goldenFrames) {
    assert.deepEqual(decodeLz4Frame(frame, raw.length), raw, name)
    // And from the middle of other memory.
    const within = joined(ramp(13), frame, ramp(9)).subarray(13, 13 + frame.length)
    assert.deepEqual(decodeLz4Frame(within, raw.length), raw, name)
  }
})

void test('every truncation and every byte more is refused', () => {
  for (const [, frame] of goldenFrames) {
    for (let length = 0; length < frame.length; length += 1) {
      refused(frame.subarray(0, length), raw.length, /./)
    }
    refused(joined(frame, new Uint8Array(1)), raw.length, /it ends at \d+, \d+ bytes are there/)
    refused(joined(frame, frame), raw.length, /it ends at/)
    refused(frame, raw.length - 1, /\d+ bytes come out|\d+ were expected/)
    refused(frame, raw.length + 1, /expected|came out/)
    refused(frame, 0, /bytes come out|\d+ were expected/)
  }
})

void test('checksums are those of xxHash', () => {
  const vectors: readonly [string, number][] = [
    ['', 0x02cc5d05],
    ['a', 0x550d7456],
    ['abc', 0x32d153ff],
    ['Nobody inspects the spammish repetition', 0xe2293b2f],
  ]
  for (const [text, sum] of vectors) {
    assert.equal(xxh32(utf8(text), 0, utf8(text).length), sum, text)
    const within = utf8(`...${text}..`)
    assert.equal(xxh32(within, 3, within.length - 2), sum, text)
  }
})

void test('a checksum that does not match is refused, wherever it is', () => {
  const checked = goldenFrames.filter(([name]) => name.includes('checksum'))
  assert.equal(checked.length, 3)
  for (const [, frame] of checked) {
    const flip = (at: number): Uint8Array => {
      const copy = Uint8Array.from(frame)
      copy[at] = (copy[at] ?? 0) ^ 0x10
      return copy
    }
    refused(flip(frame.length - 1), raw.length, /checksum of the content does not match/)
    // A literal: what comes out is well-formed and other.
    const literal = frame.indexOf(0x6c, 15)
    assert.ok(literal > 15)
    refused(flip(literal), raw.length, /checksum of the content does not match/)
    refused(flip((frame[4] ?? 0) & 8 ? 14 : 6), raw.length, /checksum of the header does not/)
    refused(frame.subarray(0, -1), raw.length, /checksum of the content is missing/)
  }
})

const twelve = utf8('Hello World!')
const literals = sequence(twelve)
const valid = lz4Frame({ blocks: [literals] })

void test('a header must be one that is known', () => {
  assert.deepEqual(decodeLz4Frame(valid, 12), twelve)
  const changed = (at: number, byte: number): Uint8Array => {
    const copy = Uint8Array.from(valid)
    copy[at] = byte
    return copy
  }
  refused(new Uint8Array(), 12, /7 bytes or more, found 0/)
  refused(changed(0, 5), 12, /magic number/)
  // The magic numbers of skippable and of legacy frames.
  refused(changed(0, 0x50), 12, /magic number/)
  refused(changed(0, 2), 12, /magic number/)
  refused(changed(4, 0x20), 12, /expected version 1, found 0/)
  refused(changed(4, 0xa0), 12, /expected version 1, found 2/)
  refused(changed(4, 0x62), 12, /reserved bit/)
  refused(changed(4, 0x61), 12, /dictionaries/)
  // JavaScript clients look for these before their block, and read on amid it.
  refused(changed(4, 0x70), 12, /checksums of blocks are not used/)
  for (const reserved of [0x41, 0x48, 0xc0]) refused(changed(5, reserved), 12, /reserved bit/)
  for (const size of [0, 1, 2, 3]) refused(changed(5, size << 4), 12, /unknown block size/)
  refused(changed(6, 0x83), 12, /checksum of the header/)
  // Valid flags with the checksum of others.
  refused(changed(4, 0x40), 12, /checksum of the header/)
  refused(valid.subarray(0, 14), 12, /cut off|missing/)
})

void test('the content size must be the length of the chunk', () => {
  const sized = (contentSize: bigint): Uint8Array => lz4Frame({ blocks: [literals], contentSize })
  assert.deepEqual(decodeLz4Frame(sized(12n), 12), twelve)
  refused(sized(13n), 12, /says 13 bytes, 12 were expected/)
  refused(sized(0n), 12, /says 0 bytes/)
  refused(sized(2n ** 64n - 1n), 12, /says 18446744073709551615 bytes/)
  refused(sized(2n ** 32n + 12n), 12, /says 4294967308 bytes/)
  refused(sized(12n).subarray(0, 12), 12, /content size is cut off/)
})

void test('blocks are neither empty nor larger than the frame says', () => {
  const stored = { bytes: twelve, isStored: true }
  assert.deepEqual(decodeLz4Frame(lz4Frame({ blocks: [stored] }), 12), twelve)
  // Where a block gives nothing, lz4_flex takes that for the end of the frame.
  const nothing = [{ ...stored, bytes: new Uint8Array() }, Uint8Array.of(0)]
  for (const empty of nothing) {
    refused(lz4Frame({ blocks: [empty, literals] }), 12, /a block is empty/)
    refused(lz4Frame({ blocks: [literals, empty] }), 12, /a block is empty/)
  }
  refused(lz4Frame({ blocks: [{ ...stored, size: 65_537 }] }), 12, /65537 bytes, at most 65536/)
  refused(lz4Frame({ blocks: [{ ...stored, size: 0x7fffffff }] }), 12, /2147483647 bytes, at/)
  refused(lz4Frame({ blocks: [{ ...stored, size: 65_536 }] }), 12, /of 65536 bytes is cut off/)
  refused(lz4Frame({ blocks: [stored, stored] }), 12, /more than 12 bytes come out/)
  refused(lz4Frame({ blocks: [stored] }), 13, /expected 13 bytes, 12 came out/)
  refused(lz4Frame({ blocks: [] }), 12, /expected 12 bytes, 0 came out/)
  // A block of 64 KiB that expands to one more.
  const large = joined(sequence(utf8('a'), 1, 65_531), sequence(utf8('bcdef')))
  refused(lz4Frame({ blocks: [large] }), 65_537, /expands past its bound/)
  assert.equal(decodeLz4Frame(lz4Frame({ blocks: [large], sizeCode: 5 }), 65_537).length, 65_537)
  const small = joined(sequence(utf8('a'), 1, 65_530), sequence(utf8('bcdef')))
  assert.equal(decodeLz4Frame(lz4Frame({ blocks: [small] }), 65_536).length, 65_536)
})

void test('matches reach back into what is there, and nowhere else', () => {
  const start = utf8('abcdefgh')
  const end = sequence(utf8('.....'))
  const block = (offset: number, length: number): Uint8Array =>
    joined(sequence(start, offset, length), end)
  for (let offset = 1; offset <= 8; offset += 1) {
    for (const length of [4, 5, 7, 8, 9, 18, 19, 63, 64, 65, 200, 273, 274, 275, 600]) {
      const expected = [...start]
      for (let i = 0; i < length; i += 1) expected.push(expected.at(-offset) ?? 0)
      expected.push(...utf8('.....'))
      const frame = lz4Frame({ blocks: [block(offset, length)] })
      const bytes = Uint8Array.from(expected)
      assert.deepEqual(decodeLz4Frame(frame, bytes.length), bytes, `${offset}, ${length}`)
    }
  }
  refused(lz4Frame({ blocks: [block(0, 4)] }), 17, /reaches back 0 bytes/)
  refused(lz4Frame({ blocks: [block(9, 4)] }), 17, /reaches back 9 bytes/)
  refused(lz4Frame({ blocks: [block(65_535, 4)] }), 17, /reaches back 65535 bytes/)
})

void test('blocks are linked or independent', () => {
  const first = sequence(utf8('abcdefgh'))
  const second = joined(sequence(new Uint8Array(), 8, 8), sequence(utf8('12345')))
  const blocks = [first, second]
  const text = utf8('abcdefghabcdefgh12345')
  assert.deepEqual(decodeLz4Frame(lz4Frame({ blocks, isLinked: true }), 21), text)
  refused(lz4Frame({ blocks }), 21, /reaches back 8 bytes/)
  const stored = [{ bytes: utf8('abcdefgh'), isStored: true }, second]
  assert.deepEqual(decodeLz4Frame(lz4Frame({ blocks: stored, isLinked: true }), 21), text)
})

void test('lengths may not lie', () => {
  const block = (...bytes: number[]): Uint8Array => lz4Frame({ blocks: [Uint8Array.from(bytes)] })
  refused(block(0xf0), 100, /a length is cut off/)
  refused(block(0xf0, 255, 255), 100, /a length is cut off/)
  refused(block(0xf0, 0), 100, /literals run past their block/)
  refused(block(0x20, 1), 100, /literals run past their block/)
  refused(block(0x20, 1, 2), 1, /more than 1 bytes come out/)
  refused(block(0x10, 1, 1), 100, /a match is cut off/)
  refused(block(0x1f, 1, 1, 0), 100, /a length is cut off/)
  refused(block(0x1f, 1, 1, 0, 255), 100, /a length is cut off/)
  refused(block(0x10, 1, 1, 0), 100, /a block ends without literals/)
  refused(block(0x10, 1, 1, 0, 0x50, 1, 2, 3, 4, 5), 9, /more than 9 bytes come out/)
  refused(block(0x1f, 1, 1, 0, 200, 0), 100, /more than 100 bytes come out/)
})

void test('a frame that expands to megabytes stops at the chunk’s length', () => {
  // 262,000 bytes that say 255 each: 66 MB.
  const bomb = joined(
    Uint8Array.of(0x1f, 0, 1, 0),
    new Uint8Array(262_000).fill(255),
    Uint8Array.of(0, 0x50, 1, 2, 3, 4, 5),
  )
  const frame = lz4Frame({ blocks: [bomb], sizeCode: 7 })
  refused(frame, 131_072, /more than 131072 bytes come out/)
  // As many small blocks, each well-formed.
  const four = joined(sequence(Uint8Array.of(7), 1, 60_000), sequence(utf8('12345')))
  refused(lz4Frame({ blocks: Array.from({ length: 200 }, () => four) }), 131_072, /come out/)
})

const inputs: readonly [string, Uint8Array][] = [
  ['text', lines(60_000)],
  ['text beyond 64 KiB', lines(131_072)],
  ['zeros', new Uint8Array(131_072)],
  ['a ramp', ramp(131_072)],
  ['grouped bf16', groupBytes(bf16Noise(131_072))],
  ['repeats that lie far apart', joined(lcg(65_535, 1), lcg(65_535, 1))],
  ['repeats that lie too far apart', joined(lcg(65_536, 1), lcg(65_536, 1))],
  ['noise that ends in zeros', joined(lcg(100_000, 1), new Uint8Array(31_072))],
  ['zeros that end in noise', joined(new Uint8Array(100_000), lcg(31_072, 1))],
]

void test('what we write we read, and it is smaller', () => {
  for (const [name, input] of inputs) {
    const frame = encodeLz4Frame(input)
    if (frame === undefined) {
      assert.match(name, /too far/)
      continue
    }
    assert.ok(frame.length < input.length, name)
    assert.deepEqual(decodeLz4Frame(frame, input.length), input, name)
    assert.equal(frame[4], 0x60)
    assert.equal(frame[5], input.length > 65_536 ? 0x50 : 0x40)
    // The same bytes give the same frame, whatever was encoded before.
    assert.deepEqual(encodeLz4Frame(Uint8Array.from(input)), frame, name)
  }
})

void test('inputs of every small size are written and read, or left as they are', () => {
  const sources = [new Uint8Array(400), lines(400), ramp(400), lcg(400, 3)]
  sources.push(Uint8Array.from({ length: 400 }, (_, i) => (i * i) & 3))
  for (const source of sources) {
    for (let length = 0; length <= source.length; length += 1) {
      const input = source.subarray(source.length - length)
      const frame = encodeLz4Frame(input)
      if (frame !== undefined) assert.deepEqual(decodeLz4Frame(frame, length), input.slice())
    }
  }
  assert.equal(encodeLz4Frame(new Uint8Array(16)), undefined)
  assert.equal(encodeLz4Frame(lcg(131_072, 5)), undefined)
})

/** Where the last match of the one block in a frame starts, in raw bytes, and how many literals follow it. */
const endOf = (frame: Uint8Array): { readonly start: number; readonly literals: number } => {
  const end = frame.length - 4
  let at = 11
  let given = 0
  let start = -1
  const length = (first: number): number => {
    let sum = first
    for (let isMore = first === 15; isMore; at += 1) {
      sum += frame[at] ?? 0
      isMore = frame[at] === 255
    }
    return sum
  }
  for (;;) {
    const token = frame[at] ?? 0
    at += 1
    const count = length(token >> 4)
    at += count
    if (at === end) return { start, literals: count }
    given += count
    start = given
    at += 2
    given += length(token & 15) + 4
  }
}

void test('blocks end as readers of the format expect', () => {
  // The last five bytes are literals, and no match starts in the last twelve.
  const start = lcg(200, 12)
  for (let length = 5; length < 60; length += 1) {
    for (const part of [new Uint8Array(length), start.subarray(50, 50 + length)]) {
      // Enough zeros that the frame is smaller than what is in it.
      const input = joined(start, new Uint8Array(100), lcg(20, 13), part)
      const frame = encodeLz4Frame(input)
      assert.ok(frame !== undefined)
      const end = endOf(frame)
      assert.ok(end.literals >= 5, `${length}: ${end.literals}`)
      assert.ok(end.start <= input.length - 12, `${length}: ${end.start}`)
    }
  }
})

void test('weights in bfloat16 shrink as much as hf_xet makes them', () => {
  const input = groupBytes(bf16Noise(131_072))
  const frame = encodeLz4Frame(input)
  assert.ok(frame !== undefined)
  assert.ok(input.length / frame.length > 1.15, `${input.length / frame.length}`)
})

import { byteStoreContract } from '@weighhouse/testkit/contract/byte-store.ts'
import { makeMemoryStore } from './index.ts'

byteStoreContract('memory', () => Promise.resolve(makeMemoryStore(() => 0)))

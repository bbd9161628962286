import { downloadFile } from '@huggingface/hub'
import { createHash } from 'node:crypto'

const { repo, names, xet } = JSON.parse(process.argv[2])
const as = { hubUrl: process.env.HF_ENDPOINT, accessToken: process.env.HF_TOKEN }
const found = {}
for (const path of names) {
  const hash = createHash('sha256')
  const blob = await downloadFile({ repo, path, xet, ...as })
  for await (const chunk of blob.stream()) hash.update(chunk)
  found[path] = hash.digest('hex')
}
console.log(JSON.stringify(found))

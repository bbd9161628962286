import { createRepo, uploadFiles } from '@huggingface/hub'
import { openAsBlob } from 'node:fs'

const { repo, folder, names } = JSON.parse(process.argv[2])
const as = { hubUrl: process.env.HF_ENDPOINT, accessToken: process.env.HF_TOKEN }
await createRepo({ repo, ...as })
const files = []
for (const path of names) files.push({ path, content: await openAsBlob(`${folder}/${path}`) })
await uploadFiles({ repo, files, useXet: true, ...as })

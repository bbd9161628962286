/** The servers compared, each started on a folder of its own and ended by id. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Server extends AsyncDisposable {
  readonly url: string
  readonly pid: number
}

const freePort = async (): Promise<number> => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('expected a port')
  return address.port
}

const answers = async (url: string): Promise<void> => {
  for (let i = 0; i < 200; i += 1) {
    const found = await fetch(url).catch(() => undefined)
    await found?.body?.cancel()
    if (found !== undefined) return
    await sleep(50)
  }
  throw new Error(`${url} does not answer`)
}

const wrap = async (child: ChildProcess, url: string): Promise<Server> => {
  await answers(url)
  if (child.pid === undefined) throw new Error('expected a process id')
  return {
    url,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    },
  }
}

/** Debian's `docker-registry`: the distribution project, on its file system driver. */
export const startDistribution = async (folder: string): Promise<Server> => {
  const port = await freePort()
  const file = join(folder, 'registry.yml')
  const config = `version: 0.1
log: { level: error, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${join(folder, 'registry')} }
  delete: { enabled: true }
http: { addr: 127.0.0.1:${port} }
`
  await writeFile(file, config)
  const child = spawn('docker-registry', ['serve', file], { stdio: 'ignore' })
  return wrap(child, `http://127.0.0.1:${port}/v2/`)
}

/** nginx with sendfile, serving a folder. */
export const startNginx = async (folder: string, root: string): Promise<Server> => {
  const port = await freePort()
  const home = join(folder, 'nginx')
  await mkdir(home, { recursive: true })
  const file = join(home, 'nginx.conf')
  const config = `daemon off; user root; worker_processes 2; pid ${home}/pid; error_log ${home}/error.log;
events { worker_connections 1024; }
http {
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path ${home}/body; proxy_temp_path ${home}/proxy; fastcgi_temp_path ${home}/fcgi;
  uwsgi_temp_path ${home}/uwsgi; scgi_temp_path ${home}/scgi;
  server { listen 127.0.0.1:${port}; root ${root}; }
}
`
  await writeFile(file, config)
  const child = spawn('nginx', ['-c', file, '-e', join(home, 'error.log')], { stdio: 'ignore' })
  return wrap(child, `http://127.0.0.1:${port}/`)
}

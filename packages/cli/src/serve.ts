import type { Command } from 'commander'

export const serveCommand = (program: Command): void => {
  program
    .command('serve')
    .description('run the hub')
    .option('--data <folder>', 'data folder (default: $WEIGHHOUSE_DATA or ./weighhouse-data)')
    .option('--host <address>', 'address to listen on (default: $WEIGHHOUSE_HOST or 127.0.0.1)')
    .option('--port <number>', 'port; 0 takes a free one (default: $WEIGHHOUSE_PORT or 8420)')
    .option('--public-url <url>', 'URL under which clients reach the hub ($WEIGHHOUSE_PUBLIC_URL)')
    .action(async (flags: { data?: string; host?: string; port?: string; publicUrl?: string }) => {
      const { serve } = await import('@weighhouse/server/main.ts')
      await serve(flags)
    })
}

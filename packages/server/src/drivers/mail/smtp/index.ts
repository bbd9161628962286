/** Letters by SMTP (RFC 5321), with TLS where the server offers or the address demands it. */
import { createTransport } from 'nodemailer'
import type { Mailer } from '#core/ports/mailer.ts'

export interface SmtpOptions {
  /** `smtp://user:password@host:port`, or `smtps://`. */
  readonly url: string
  /** The sender's address, with or without a name. */
  readonly from: string
}

const waitMs = 30_000

export const openSmtp = ({ url, from }: SmtpOptions): Mailer => {
  const transport = createTransport(url, {
    from,
    // A letter names its text: nothing is read from files or fetched for it.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  Object.assign(transport.options, {
    connectionTimeout: waitMs,
    greetingTimeout: waitMs,
    socketTimeout: waitMs,
  })
  return {
    async send({ to, subject, text }) {
      // By parts, so that no address is parsed as a list.
      await transport.sendMail({ to: { name: '', address: to }, subject, text })
    },
    [Symbol.asyncDispose]() {
      transport.close()
      return Promise.resolve()
    },
  }
}

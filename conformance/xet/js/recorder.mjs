/** What has passed between the client and the hub, as `conformance/kit/recorder.ts` saw it. */
const control = process.env.CONFORMANCE_RECORDER

const ask = async (since) => (await fetch(`${control}/seen?since=${since}`)).json()

const putFaults = (faults) =>
  fetch(`${control}/faults`, { method: 'PUT', body: JSON.stringify(faults) })

/** Does it, and tells what passed meanwhile. What a fault kept from the hub counts as not sent. */
export const recorded = async (work) => {
  const first = (await ask(0)).length
  const result = await work()
  const seen = await ask(first)
  const of = (route, method) =>
    seen.filter(
      (one) =>
        !one.faked &&
        (route === undefined || one.route === route) &&
        (method === undefined || one.method === method),
    )
  const sent = (route) => of(route).reduce((sum, one) => sum + one.sentBytes, 0)
  const faked = () => seen.filter((one) => one.faked).length
  return { result, of, count: (...which) => of(...which).length, sent, faked }
}

/** The hub seems to answer the next request of that kind with a status. */
export const broken = async (route, method, answer, work) => {
  await putFaults([{ route, method, answer, skip: 0, times: 1 }])
  try {
    return await work()
  } finally {
    await putFaults([])
  }
}

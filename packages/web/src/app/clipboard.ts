/** Puts a text where it can be pasted. Plain http has no clipboard of its own: an old command still works there. */
export const copyText = async (text: string): Promise<void> => {
  // A cast because the types hide that it may be missing.
  const { clipboard } = navigator as { clipboard?: Clipboard }
  if (clipboard !== undefined) return clipboard.writeText(text)
  const box = document.createElement('textarea')
  box.value = text
  document.body.append(box)
  box.select()
  document.execCommand('copy')
  box.remove()
}

/** Files from this computer, as one commit. */
import { NoWriting, RepoFrame } from './RepoFrame.tsx'

export const UploadPage = () => (
  <RepoFrame tab="files">{(repo) => <NoWriting repo={repo} />}</RepoFrame>
)

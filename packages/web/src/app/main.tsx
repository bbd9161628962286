/** Where the app begins. */
import './styles.css'
import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queries } from './api.ts'
import { startPrefs } from './prefs.ts'
import { router } from './router.tsx'
import { Toasts } from '../parts/Toast.tsx'
import { Proofs } from '../signin/Proofs.tsx'

const root = document.querySelector('#app')
if (root === null) throw new Error('the page has no #app')
startPrefs()
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Toasts>
        <Proofs>
          <RouterProvider router={router} />
        </Proofs>
      </Toasts>
    </QueryClientProvider>
  </StrictMode>,
)

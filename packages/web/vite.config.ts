import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Assets are relative, and the server writes the page's base: so the app lives under any path. */
export default defineConfig({
  base: './',
  plugins: [react(), tailwindcss()],
  build: {
    // Inlined files would need `data:` in the policy, and could not be kept apart.
    assetsInlineLimit: 0,
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
    target: ['chrome123', 'firefox128', 'safari17.5'],
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
})

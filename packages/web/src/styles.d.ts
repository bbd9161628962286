/** Styles are taken in for their effect. */
declare module '*.css'

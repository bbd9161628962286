/** The shape of what is coming, for a panel's first time only. */
export const Skeleton = ({ rows = 6 }: { readonly rows?: number }) => (
  <div role="status" aria-label="Loading" className="flex flex-col gap-3 p-4">
    {Array.from({ length: rows }, (_, row) => (
      // Rows of nothing have no names of their own.
      <div
        key={row}
        className="h-4 animate-pulse rounded-tag bg-sunken"
        style={{ width: `${88 - ((row * 17) % 45)}%` }}
      />
    ))}
  </div>
)

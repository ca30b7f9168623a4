import type { ReactNode } from "react";

/** Something to read, to which the focus goes. */
export function Told({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="stack">
      <h1 tabIndex={-1} ref={(heading) => heading?.focus()}>{title}</h1>
      {children}
    </div>
  );
}

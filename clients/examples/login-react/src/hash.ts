import { useSyncExternalStore } from "react";

function subscribe(listener: () => void): () => void {
  addEventListener("hashchange", listener);
  return () => removeEventListener("hashchange", listener);
}

/** Whether what stands behind the # of the address is one of the names. */
export function useHashOf(names: readonly string[]): boolean {
  return useSyncExternalStore(subscribe, () => names.includes(location.hash.slice(1)));
}

/** What stands behind the # of the address, where that is one of the names; otherwise the first of them. */
export function useHash<Name extends string>(names: readonly [Name, ...Name[]]): Name {
  const name = useSyncExternalStore(subscribe, () => location.hash.slice(1));
  return names.find((one) => one === name) ?? names[0];
}

import { useCallback, useEffect, useRef, useState } from "react";
import { isRefusal, type Refusal } from "../refusal.js";

/** What a page shows: undefined until it is there. */
export interface Loaded<T> {
  readonly value: T | undefined;
  readonly refusal: Refusal | undefined;
  /** Does something, and then loads anew; false where it went wrong, which is in `refusal`. */
  after(act: () => Promise<unknown>): Promise<boolean>;
}

/** Loads something when the page comes, and again after it was changed. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [value, setValue] = useState<T>();
  const [refusal, setRefusal] = useState<Refusal>();
  const latest = useRef(load);
  latest.current = load;
  const after = useCallback(async (act: () => Promise<unknown>) => {
    setRefusal(undefined);
    try {
      await act();
      setValue(await latest.current());
      return true;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (error.code !== "aborted") setRefusal(error); // that was somebody's own wish
      return false;
    }
  }, []);
  useEffect(() => {
    void after(async () => undefined);
  }, [after]);
  return { value, refusal, after };
}

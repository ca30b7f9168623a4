import type { User } from "@lintel/client";
import { createContext, useContext } from "react";

/** Who is signed in. */
export const UserContext = createContext<User | undefined>(undefined);

/** What takes the place of the user after a change. */
export const SetUserContext = createContext<(user: User) => void>(() => undefined);

/** The signed-in user, and what takes their place after a change; for signed-in pages. */
export function useUser(): [user: User, setUser: (user: User) => void] {
  const user = useContext(UserContext);
  if (!user) throw new Error("nobody is signed in");
  return [user, useContext(SetUserContext)];
}

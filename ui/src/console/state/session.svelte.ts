// Who is signed in, and what follows when that ends.
import type { Session } from "@generated/Session";
import { readSession, signIn, signOut } from "../api/calls";
import { codeOf, whenSignedOut, type FailureCode } from "../api/http";

/** `expired` keeps the screen as it is, so that nothing half-typed is lost. */
export type SessionState = "unknown" | "unreachable" | "out" | "in" | "expired";

class SessionKeeper {
  state = $state<SessionState>("unknown");
  current = $state.raw<Session | null>(null);
  /** Why the session could not be read at the start. */
  failure = $state<FailureCode | null>(null);

  constructor() {
    whenSignedOut(() => {
      if (this.state === "in") this.state = "expired";
    });
  }

  /** Reads who is signed in: at the start, and after signing in. */
  async read(): Promise<void> {
    try {
      this.current = await readSession();
      this.state = "in";
    } catch (cause) {
      const code = codeOf(cause);
      this.failure = code;
      if (this.state !== "expired") this.state = code === "not_signed_in" ? "out" : "unreachable";
    }
  }

  /** Signs in. Throws the call's failure. */
  async enter(user: string, password: string): Promise<void> {
    const before = this.current?.user;
    await signIn({ user, password });
    // Another person's screen is not this person's to go on with.
    if (before !== undefined && before !== user) this.current = null;
    await this.read();
  }

  /** Signs out, here at least: an endpoint that cannot be reached ends it by time. */
  async leave(): Promise<void> {
    await signOut().catch(() => undefined);
    this.current = null;
    this.state = "out";
  }

  get mayRule(): boolean {
    return this.current?.role === "admin" || this.current?.role === "coordinator";
  }
}

export const session = new SessionKeeper();

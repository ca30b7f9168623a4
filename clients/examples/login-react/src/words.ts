// What the server says comes in the reader's language; these are the page's own words. A
// language is one more table here. Where the server speaks one that is not, it is English.

type Table = { readonly [key: string]: string };
type Parts = readonly [before: string, after: string];
type Sent = { readonly [elsewhere: string]: Parts } & { readonly refuse: Parts };
interface Told {
  readonly title: string;
  readonly text: string;
}
/** A page of a link: its title, its sentence around what is told, its button, and what is said then. */
interface Arrival<Text> {
  readonly title: string;
  readonly text: Text;
  readonly act: string;
}
interface Done {
  readonly done: string;
  readonly doneText: string;
}
interface Arrivals {
  readonly invitation: Arrival<Parts>;
  readonly undo: Arrival<Parts> & Done;
  readonly recovery: Arrival<readonly [before: string, between: string, after: string]> & Done;
}
type Opened = { readonly [elsewhere: string]: Told } & { readonly refuse: Told };

const en = {
  titles: { login: "Sign in", registration: "Create your account", login_or_registration: "Welcome", step_up: "Confirm that it is you",
    recovery: "Recover your account", verification: "Confirm your address", guest: "Continue as a guest" } as Table & { login: string; registration: string; step_up: string; verification: string; guest: string },
  links: { login: "I have an account: sign in", registration: "New here? Create an account", login_or_registration: "Not sure whether you have one?",
    recovery: "Forgot your password?" } as Table,
  types: { email: "email", phone: "phone", username: "username" } as Table,
  language: "Language",
  goOn: "Continue",
  back: "Back",
  cancel: "Cancel",
  again: "Start again",

  password: "Password",
  newPassword: "New password",
  show: "Show",
  hide: "Hide",
  showPassword: "Show password",
  atLeast: (length: number) => `At least ${length} characters, and not easy to guess.`,
  signUp: "Create account",
  instead: { code: "Send me a code instead", link: "Send me a link instead", invited: "Continue without a password" }, send: { code: "Send me a code", link: "Send me a link" },
  sendText: { recovery: "We send you something that only you can read. Then you choose a new password.", other: "We send something there that only you can read." } as Table & { other: string },
  sentTitles: { code: "Enter the code", link: "Open the link" }, code: "Code", codeShown: "Code that the link shows elsewhere",
  codeSent: (length: number): readonly [string, string] => [`A code of ${length} digits is on its way to `, "."],
  linkSent: { code: ["A link is on its way to ", ". Open it here and this page goes on by itself, or open it elsewhere and type the code that it shows."],
    approve: ["A link is on its way to ", ". Open it anywhere and say that it was you: this page goes on by itself."],
    refuse: ["A link is on its way to ", ". Open it in this browser, and this page goes on by itself."] } as Sent,
  nothingCame: "Nothing there? Look into the junk folder, and check the address.",
  resend: { code: "Send another code", link: "Send another link" }, sentAgain: "Another one is on its way.", choosePassword: "Choose a new password", prove: "Confirm",
  opened: {
    ways: {
      code: { title: "Your code", text: "Type it where you asked for the link. That was for:" },
      approve: { title: "Was that you?", text: "Somebody asked for this link. If you let them, they go on there. It was for:" },
      refuse: { title: "Open it where you asked for it", text: "This link works only in the browser that asked for it. Open it there, or have another one sent." },
    } as Opened,
    yes: "Yes, that was me", no: "No", approved: "Done", approvedText: "It goes on where you asked for the link. You can close this page.",
    refused: "Nothing happened", refusedText: "Whoever asked for the link does not get in with it. You can close this page.",
  },
  arrivals: {
    invitation: { title: "You are invited", text: [" invites you. The invitation is for ", "."], act: "Accept the invitation" },
    undo: { title: "Take your address back?", text: [" was removed from your account on ",
      ". If that was not you, take it back. Then everybody is signed out, what was added since is gone, and you choose a new password."],
      act: "Take it back", done: "The address is yours again", doneText: "Everybody is signed out, and the old password is worth nothing any more." },
    recovery: { title: "Stop the recovery of your account?", text: ["From ", " on your account opens to whoever reads ", ". If you did not ask for that, stop it."],
      act: "Stop it", done: "It is stopped", doneText: "Your account stays as it was. You can close this page." },
  } as Arrivals,
  guest: "guest", guestAsk: "Nothing is asked of you. You can create an account later and keep what is yours.",
  guestTitle: "You are here as a guest", guestText: "Create an account to come back to what is yours, from anywhere.", upgrade: "Create an account", stay: "Stay a guest",
  notYou: "If that was not you, tell nobody the code and close this page.",
  about: "About you",
  terms: "Before you go on",
  agree: (version: string) => `I agree to the terms (${version}).`,
  read: "Read the terms",
  notice: "Please note",
  keep: "Keep my account",
  leave: "Leave it",
  confirm: "Please show once more that it is you. Then we go on with what you asked for.",

  required: "Please fill this in.",
  agreeFirst: "Please agree to go on.",
  updateTitle: "Please update this app",
  update: "The next step is newer than this app. Get its newest version, or reload the page, and go on there.",
  reload: "Reload",
  over: "This took too long and has ended.",
  signedOut: "You are signed out.",
  ended: "Your session has ended. Please sign in again.",
  errors: {
    network: "The server cannot be reached. Check the connection and try again.",
    timeout: "The server takes too long. Try again.",
    other: "Something went wrong. Try again.",
  } as Table & { other: string },

  signOut: "Sign out",
  pages: { profile: "Profile", security: "Security", devices: "Devices", activity: "Activity" },
  hello: (name: string) => `Hello, ${name}`,
  save: "Save",
  saved: "Saved.",
  more: "More about you",
  claims: {} as Table,
  choices: { true: "Yes", false: "No" } as Table,

  ways: "How you sign in",
  waysText: "Each of these finds your account.",
  primary: "primary",
  unproven: "not confirmed yet",
  makePrimary: "Make primary",
  remove: "Remove",
  add: "Add",
  another: "Add another one",
  changePassword: "Change password",
  changed: "Password changed. Every other device was signed out.",
  removal: "Delete account",
  removalText: "Everything about you is erased. For a while you can change your mind by signing in.",
  removalAsk: "Delete your account?",
  deleted: "Your account is deleted",
  scheduled: "To keep it after all, sign in before everything is erased on",

  sessions: "Where you are signed in",
  thisDevice: "this device",
  lastSeen: "last seen",
  end: "Sign out",
  endOthers: "Sign out everywhere else",
  happened: "What happened to your account",
  older: "Show older",
  events: {
    "user.created": "Account created",
    "user.upgraded": "No longer a guest",
    "user.guest_signed_in": "Signed in instead of being a guest",
    "recovery.started": "Recovery of the account started",
    "recovery.stopped": "Recovery of the account stopped",
    "recovery.completed": "Account recovered",
    "reversal.created": "A removed sign-in name can be taken back",
    "reversal.used": "Removed sign-in name taken back",
    "reversal.withdrawn": "A removed sign-in name can be taken back no more",
    "user.updated": "Profile changed",
    "user.suspended": "Account suspended",
    "user.reactivated": "Account active again",
    "user.deletion_scheduled": "Account deleted",
    "user.deletion_cancelled": "Account kept",
    "user.identifier_added": "Way to sign in added",
    "user.identifier_removed": "Way to sign in removed",
    "user.identifier_primary_changed": "Another way to sign in made primary",
    "user.identifier_verified": "Address confirmed",
    "password.set": "Password chosen",
    "password.changed": "Password changed",
    "session.created": "Signed in",
    "session.raised": "Identity confirmed",
    "session.ended": "Signed out",
    "consent.given": "Terms agreed to",
    other: "Something new",
  } as Table & { other: string },
};

/** The words of one language. */
export type Words = typeof en;

const de: Words = {
  titles: { login: "Anmelden", registration: "Konto anlegen", login_or_registration: "Willkommen", step_up: "Bitte bestätigen",
    recovery: "Zugang wiederherstellen", verification: "Adresse bestätigen", guest: "Als Gast weiter" },
  links: { login: "Ich habe ein Konto: anmelden", registration: "Neu hier? Konto anlegen", login_or_registration: "Nicht sicher, ob Sie eines haben?",
    recovery: "Passwort vergessen?" },
  types: { email: "E-Mail", phone: "Telefon", username: "Benutzername" },
  language: "Sprache",
  goOn: "Weiter",
  back: "Zurück",
  cancel: "Abbrechen",
  again: "Neu beginnen",

  password: "Passwort",
  newPassword: "Neues Passwort",
  show: "Zeigen",
  hide: "Verbergen",
  showPassword: "Passwort zeigen",
  atLeast: (length) => `Mindestens ${length} Zeichen, und nicht leicht zu erraten.`,
  signUp: "Konto anlegen",
  instead: { code: "Stattdessen einen Code senden", link: "Stattdessen einen Link senden", invited: "Ohne Passwort weiter" }, send: { code: "Code senden", link: "Link senden" },
  sendText: { recovery: "Wir senden Ihnen etwas, das nur Sie lesen können. Danach wählen Sie ein neues Passwort.", other: "Wir senden etwas dorthin, das nur Sie lesen können." },
  sentTitles: { code: "Code eingeben", link: "Link öffnen" }, code: "Code", codeShown: "Code, den der Link anderswo zeigt",
  codeSent: (length) => [`Ein Code mit ${length} Ziffern ist unterwegs an `, "."],
  linkSent: { code: ["Ein Link ist unterwegs an ", ". Öffnen Sie ihn hier, dann geht es auf dieser Seite von selbst weiter, oder anderswo, und geben Sie den Code ein, den er dort zeigt."],
    approve: ["Ein Link ist unterwegs an ", ". Öffnen Sie ihn, wo Sie wollen, und sagen Sie, dass Sie es waren: Dann geht es hier von selbst weiter."],
    refuse: ["Ein Link ist unterwegs an ", ". Öffnen Sie ihn in diesem Browser, dann geht es auf dieser Seite von selbst weiter."] },
  nothingCame: "Nichts angekommen? Sehen Sie auch im Spam nach, und ob die Adresse stimmt.",
  resend: { code: "Noch einen Code senden", link: "Noch einen Link senden" }, sentAgain: "Der nächste ist unterwegs.", choosePassword: "Neues Passwort wählen", prove: "Bestätigen",
  opened: {
    ways: {
      code: { title: "Ihr Code", text: "Geben Sie ihn dort ein, wo Sie den Link angefordert haben. Das war für:" },
      approve: { title: "Waren Sie das?", text: "Jemand hat diesen Link angefordert. Wenn Sie zustimmen, geht es dort weiter. Es war für:" },
      refuse: { title: "Bitte dort öffnen, wo er angefordert wurde", text: "Dieser Link gilt nur in dem Browser, in dem er angefordert wurde. Öffnen Sie ihn dort, oder fordern Sie einen neuen an." },
    },
    yes: "Ja, das war ich", no: "Nein", approved: "Erledigt", approvedText: "Es geht dort weiter, wo Sie den Link angefordert haben. Diese Seite können Sie schließen.",
    refused: "Nichts ist geschehen", refusedText: "Wer den Link angefordert hat, kommt damit nicht hinein. Diese Seite können Sie schließen.",
  },
  arrivals: {
    invitation: { title: "Sie sind eingeladen", text: [" lädt Sie ein. Die Einladung gilt für ", "."], act: "Einladung annehmen" },
    undo: { title: "Adresse zurückholen?", text: [" wurde aus Ihrem Konto entfernt: ",
      ". Wenn Sie das nicht waren, holen Sie sie zurück. Dann werden alle abgemeldet, was seither dazukam ist weg, und Sie wählen ein neues Passwort."],
      act: "Zurückholen", done: "Die Adresse ist wieder Ihre", doneText: "Alle sind abgemeldet, und das alte Passwort gilt nicht mehr." },
    recovery: { title: "Wiederherstellung Ihres Kontos anhalten?", text: ["Ab ", " steht Ihr Konto dem offen, der ", " liest. Wenn Sie das nicht wollten, halten Sie es an."],
      act: "Anhalten", done: "Es ist angehalten", doneText: "Ihr Konto bleibt, wie es war. Diese Seite können Sie schließen." },
  },
  guest: "Gast", guestAsk: "Sie werden nichts gefragt. Ein Konto können Sie später anlegen und behalten, was Ihnen gehört.",
  guestTitle: "Sie sind als Gast hier", guestText: "Legen Sie ein Konto an, dann finden Sie überall wieder, was Ihnen gehört.", upgrade: "Ein Konto anlegen", stay: "Gast bleiben",
  notYou: "Wenn Sie das nicht waren, sagen Sie niemandem den Code und schließen Sie diese Seite.",
  about: "Über Sie",
  terms: "Bevor es weitergeht",
  agree: (version) => `Ich stimme den Bedingungen zu (${version}).`,
  read: "Bedingungen lesen",
  notice: "Bitte beachten",
  keep: "Konto behalten",
  leave: "Dabei belassen",
  confirm: "Zeigen Sie bitte noch einmal, dass Sie es sind. Danach geht es weiter.",

  required: "Bitte ausfüllen.",
  agreeFirst: "Bitte zustimmen, um weiterzugehen.",
  updateTitle: "Bitte aktualisieren",
  update: "Der nächste Schritt ist neuer als diese App. Holen Sie die neueste Fassung oder laden Sie die Seite neu, dann geht es weiter.",
  reload: "Neu laden",
  over: "Das hat zu lange gedauert und ist beendet.",
  signedOut: "Sie sind abgemeldet.",
  ended: "Ihre Sitzung ist beendet. Bitte melden Sie sich neu an.",
  errors: {
    network: "Der Server ist nicht zu erreichen. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.",
    timeout: "Der Server braucht zu lange. Versuchen Sie es noch einmal.",
    other: "Etwas ging schief. Versuchen Sie es noch einmal.",
  },

  signOut: "Abmelden",
  pages: { profile: "Profil", security: "Sicherheit", devices: "Geräte", activity: "Verlauf" },
  hello: (name) => `Hallo, ${name}`,
  save: "Speichern",
  saved: "Gespeichert.",
  more: "Mehr über Sie",
  claims: {
    name: "Name", given_name: "Vorname", family_name: "Nachname", middle_name: "Weitere Vornamen", nickname: "Rufname", profile: "Profilseite",
    picture: "Bild", website: "Webseite", gender: "Geschlecht", birthdate: "Geburtsdatum", zoneinfo: "Zeitzone", locale: "Sprache",
    formatted: "Anschrift", street_address: "Straße", locality: "Ort", region: "Region", postal_code: "Postleitzahl", country: "Land",
  },
  choices: { true: "Ja", false: "Nein" },

  ways: "Womit Sie sich anmelden",
  waysText: "Jedes davon findet Ihr Konto.",
  primary: "bevorzugt",
  unproven: "noch nicht bestätigt",
  makePrimary: "Bevorzugen",
  remove: "Entfernen",
  add: "Hinzufügen",
  another: "Noch eines hinzufügen",
  changePassword: "Passwort ändern",
  changed: "Passwort geändert. Alle anderen Geräte sind abgemeldet.",
  removal: "Konto löschen",
  removalText: "Alles über Sie wird gelöscht. Eine Zeit lang können Sie es sich anders überlegen, indem Sie sich anmelden.",
  removalAsk: "Ihr Konto löschen?",
  deleted: "Ihr Konto ist gelöscht",
  scheduled: "Um es doch zu behalten, melden Sie sich an, bevor alles gelöscht wird, am",

  sessions: "Wo Sie angemeldet sind",
  thisDevice: "dieses Gerät",
  lastSeen: "zuletzt",
  end: "Abmelden",
  endOthers: "Überall sonst abmelden",
  happened: "Was mit Ihrem Konto geschah",
  older: "Ältere zeigen",
  events: {
    "user.created": "Konto angelegt",
    "user.upgraded": "Nicht mehr Gast",
    "user.guest_signed_in": "Angemeldet statt weiter Gast zu sein",
    "recovery.started": "Wiederherstellung des Kontos begonnen",
    "recovery.stopped": "Wiederherstellung des Kontos beendet",
    "recovery.completed": "Konto wiederhergestellt",
    "reversal.created": "Ein entfernter Anmeldename lässt sich zurückholen",
    "reversal.used": "Entfernter Anmeldename zurückgeholt",
    "reversal.withdrawn": "Ein entfernter Anmeldename lässt sich nicht mehr zurückholen",
    "user.updated": "Profil geändert",
    "user.suspended": "Konto gesperrt",
    "user.reactivated": "Konto wieder frei",
    "user.deletion_scheduled": "Konto gelöscht",
    "user.deletion_cancelled": "Konto behalten",
    "user.identifier_added": "Anmeldename hinzugefügt",
    "user.identifier_removed": "Anmeldename entfernt",
    "user.identifier_primary_changed": "Anderer Anmeldename bevorzugt",
    "user.identifier_verified": "Adresse bestätigt",
    "password.set": "Passwort gewählt",
    "password.changed": "Passwort geändert",
    "session.created": "Angemeldet",
    "session.raised": "Identität bestätigt",
    "session.ended": "Abgemeldet",
    "consent.given": "Bedingungen zugestimmt",
    other: "Etwas Neues",
  },
};

const languages: { readonly [tag: string]: Words } = { en, de };

/** The words for a locale, as `de-AT`. */
export function wordsFor(locale: string): Words {
  return languages[locale.split("-")[0] as string] ?? en;
}

package step

import "github.com/lintel-id/lintel/server/platform/fault"

// The refusals of this room.
var (
	ErrIdentifierMissing = fault.New(fault.Invalid, "request_invalid", "The answer has to name an identifier.").At(fault.Field{Pointer: "/identifier", Code: "required", Detail: "Say who it is for."})
	ErrIdentifierGiven   = fault.New(fault.Invalid, "request_invalid", "The answer cannot name an identifier here.").At(fault.Field{Pointer: "/identifier", Code: "not_allowed", Detail: "It has been given before."})
	ErrProfileGiven      = fault.New(fault.Invalid, "request_invalid", "The answer cannot bring a profile here.").At(fault.Field{Pointer: "/profile", Code: "not_allowed", Detail: "Only the password is asked for."})
	ErrConsentRequired   = fault.New(fault.Invalid, "consent_required", "To go on, agree to everything that is required.")
	ErrNoneOwned         = fault.New(fault.Invalid, "address_unknown", "There is no address of yours that this could be sent to.")
	ErrLinkURI           = fault.New(fault.Invalid, "request_invalid", "The application does not list this page.").At(fault.Field{Pointer: "/link_uri", Code: "not_allowed", Detail: "The application does not list this page for links."})
	ErrClaimMissing      = fault.New(fault.Invalid, "profile_invalid", "Something that is asked for is missing.")
)

package passkey

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/lintel-id/lintel/server/user"
)

// Signals are what a front end tells the platform about a user's passkeys: at every relying
// party where they have or had any.
func (s *Service) Signals(ctx context.Context, owner user.ID) (Signals, error) {
	held, err := s.deps.Store.PasskeysOf(ctx, owner)
	if err != nil {
		return Signals{}, err
	}
	handles, err := s.deps.Store.HandlesOf(ctx, owner)
	if err != nil {
		return Signals{}, err
	}
	found, err := s.deps.Users.ByID(ctx, owner)
	if err != nil {
		return Signals{}, err
	}
	name, shown, err := s.called(ctx, found)
	if err != nil {
		return Signals{}, err
	}
	return signalsOf(handles, held, name, shown), nil
}

func signalsOf(handles []Handle, held []Passkey, name, shown string) Signals {
	told := Signals{Unknown: nil, Accepted: []AcceptedCredentials{}, Details: []UserDetails{}}
	for _, handle := range handles {
		accepted := AcceptedCredentials{RelyingParty: handle.RelyingParty, Handle: handle.Handle, CredentialIDs: [][]byte{}}
		for _, one := range at(held, handle.RelyingParty) {
			accepted.CredentialIDs = append(accepted.CredentialIDs, one.CredentialID)
		}
		told.Accepted = append(told.Accepted, accepted)
		if len(accepted.CredentialIDs) > 0 {
			told.Details = append(told.Details, UserDetails{RelyingParty: handle.RelyingParty, Handle: handle.Handle, Name: name, DisplayName: shown})
		}
	}
	return told
}

// SignalsAt are those of one relying party; nil where the user has no passkey there.
func (s *Service) SignalsAt(ctx context.Context, who user.User, relyingParty string) (*Signals, error) {
	held, err := s.Of(ctx, who.ID, relyingParty)
	if err != nil || len(held) == 0 {
		return nil, err
	}
	name, shown, err := s.called(ctx, who)
	if err != nil {
		return nil, err
	}
	told := signalsOf([]Handle{{RelyingParty: relyingParty, Handle: held[0].Handle}}, held, name, shown)
	return &told, nil
}

// PersonFor is whom a passkey of a user is made for.
func (s *Service) PersonFor(ctx context.Context, owner user.ID, relyingParty string, seed []byte, run string) (Person, error) {
	found, err := s.deps.Users.ByID(ctx, owner)
	if err != nil {
		return Person{}, err
	}
	name, shown, err := s.called(ctx, found)
	if err != nil {
		return Person{}, err
	}
	handle, err := s.HandleFor(ctx, owner, relyingParty, seed, run)
	return Person{Handle: handle, Name: name, DisplayName: shown}, err
}

// called is what a user is called: by what they sign in with, and by their name where they
// give one.
func (s *Service) called(ctx context.Context, found user.User) (name, shown string, err error) {
	own, err := s.deps.Users.Own(ctx, found)
	if err != nil {
		return "", "", err
	}
	for _, held := range found.Identifiers {
		if name == "" || held.Primary && held.Type == user.Email {
			name = held.Value
		}
	}
	var claims struct {
		Name string `json:"name"`
	}
	_ = json.Unmarshal(own.Profile, &claims) // a schema may keep something else under this name
	return name, cmp.Or(claims.Name, name), nil
}

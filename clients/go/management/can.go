package management

import "context"

// Can tells whether a user has all of the permissions by their roles, as the server knows it
// now; a token knows it as of when it was made. Who is suspended or deleted has none, and
// asked for none it says no without asking. It is CheckUserPermissions in one word.
func (c *Client) Can(ctx context.Context, userID UserID, permissions ...Permission) (bool, error) {
	if len(permissions) == 0 {
		return false, nil
	}
	answer, err := c.CheckUserPermissions(ctx, userID, PermissionCheck{Permissions: permissions})
	if err != nil {
		return false, err
	}
	return answer.Allowed, nil
}

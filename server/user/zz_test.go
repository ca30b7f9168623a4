package user_test
import ("testing";"github.com/stretchr/testify/require";"github.com/lintel-id/lintel/server/user")
func TestSweep(t *testing.T){
 n:=0
 for r:=rune(0x80);r<0x32000;r++{ if r>0x4e80&&r<0x9f00 || r>0xac80&&r<0xd700 || r>0x18000&&r<0x1b000 || r>0x20080 {continue}
 for _,s:=range []string{string(r)+string(r)+string(r),"\u0430"+string(r)+"\u0430\u0430","a"+string(r)+"aa", "a"+string(r)+"\u0301a", "\u03bf\u03bf\u03bf"+string(r), "\u30a8\u5de5"+string(r)} {
  o,err:=user.Normalise(user.Username,s); if err!=nil{continue}
  n++
  a,err:=user.Normalise(user.Username,o.Value); require.NoError(t,err,"%q",s); require.Equal(t,o,a,"%q",s)
  a,err=user.Normalise(user.Username,o.Lookup); require.NoError(t,err,"%q %q",s,o.Lookup); require.Equal(t,o.Lookup,a.Lookup,"%q",s)
  e,err:=user.Normalise(user.Email,s+"@"+s+".xx"); if err!=nil {continue}
  a,err=user.Normalise(user.Email,e.Lookup); require.NoError(t,err,"%q %q",s,e.Lookup); require.Equal(t,e.Lookup,a.Lookup,"%q",s)
 }}
 t.Log(n)
}
func BenchmarkEmail(b *testing.B){for b.Loop(){ user.Normalise(user.Email,"Ada.Lovelace@Example.com")}}
func BenchmarkPhone(b *testing.B){for b.Loop(){ user.Normalise(user.Phone,"+44 20 7946 0000")}}
func BenchmarkUsername(b *testing.B){for b.Loop(){ user.Normalise(user.Username,"ada.lovelace")}}
func BenchmarkCyr(b *testing.B){for b.Loop(){ user.Normalise(user.Username,"\u043f\u0440\u0438\u0432\u0435\u0442")}}
func BenchmarkProfile(b *testing.B){s,_:=user.NewSchema(); for b.Loop(){ s.Check([]byte(`{"name":"Ada","locale":"en-GB","zoneinfo":"Europe/London"}`))}}
func BenchmarkSchema(b *testing.B){for b.Loop(){user.NewSchema()}}

package againstgo

// goSample are the programs that TestGoPrograms runs every time. They are a hundred short
// and fast ones of Go 1.26 that together have the most of the language's forms, each in the
// places where it may stand. Each folder is represented in proportion to its share of these
// forms.
const goSample = `
abi/idata.go abi/leaf2.go abi/many_intstar_input.go abi/return_stuff.go append.go chan/goroutines.go chan/select.go
chan/select4.go chan/sendstmt.go chan/sieve2.go chan/zerosize.go chanlinear.go closure2.go complit.go const.go
convT2X.go convert4.go deferfin.go deferprint.go fixedbugs/bug012.go fixedbugs/bug178.go fixedbugs/bug187.go
fixedbugs/bug285.go fixedbugs/bug440_32.go fixedbugs/bug517.go fixedbugs/issue10925.go fixedbugs/issue13160.go
fixedbugs/issue15175.go fixedbugs/issue15528.go fixedbugs/issue22605.go fixedbugs/issue22683.go
fixedbugs/issue27829.go fixedbugs/issue27961.go fixedbugs/issue28748.go fixedbugs/issue29013b.go
fixedbugs/issue30606.go fixedbugs/issue32187.go fixedbugs/issue4167.go fixedbugs/issue45045.go fixedbugs/issue49145.go
fixedbugs/issue53653.go fixedbugs/issue55122b.go fixedbugs/issue57184.go fixedbugs/issue5809.go
fixedbugs/issue62203.go fixedbugs/issue69507.go fixedbugs/issue7083.go fixedbugs/issue72063.go fixedbugs/issue7740.go
fixedbugs/issue78641.go fixedbugs/issue79874.go fixedbugs/issue8004.go fixedbugs/issue8606.go fixedbugs/issue9110.go
floatcmp.go for.go func6.go goprint.go ken/cplx2.go ken/cplx3.go ken/cplx5.go ken/embed.go ken/label.go ken/ptrvar.go
ken/shift.go ken/simpbool.go ken/string.go map.go print.go recover4.go reflectmethod2.go strcopy.go stringrange.go
struct0.go switch.go tinyfin.go typeparam/cons.go typeparam/devirtualize1.go typeparam/graph.go
typeparam/issue42758.go typeparam/issue46472.go typeparam/issue46591.go typeparam/issue47713.go
typeparam/issue47901.go typeparam/issue49295.go typeparam/issue49659b.go typeparam/issue50690a.go
typeparam/issue51303.go typeparam/issue52026.go typeparam/issue53087.go typeparam/issue54535.go typeparam/metrics.go
typeparam/sum.go typeparam/orderedmap.go typeparam/subdict.go typeparam/typeswitch1.go typeswitch.go
uintptrescapes3.go unsafebuiltins.go zerodivide.go
`

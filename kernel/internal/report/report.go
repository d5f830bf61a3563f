package report
var X int

package againstgo

const goSample = ``

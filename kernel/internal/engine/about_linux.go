package engine

import (
	"log/slog"
	"os"
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/sdtlab/sdtlab/kernel/internal/kernelspec"
	"github.com/sdtlab/sdtlab/kernel/internal/project"
	"github.com/sdtlab/sdtlab/kernel/internal/server"
)

// About is what the kernel says of itself. history is the file that keeps it.
func About(history string) server.About {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = strings.TrimPrefix(info.Main.Version, "v")
	}
	goVersion := strings.TrimPrefix(runtime.Version(), "go")
	return server.About{
		Implementation: kernelspec.Name, Version: version,
		Banner: "sdtlab " + version + ", Go " + goVersion + ": values stay from cell to cell; %help lists the commands",
		Language: map[string]any{
			"name": "go", "version": goVersion, "mimetype": "text/x-go", "file_extension": ".go",
			"pygments_lexer": "go", "codemirror_mode": "go", "nbconvert_exporter": "",
		},
		Help: []server.HelpLink{
			{Text: "sdtlab", URL: "https://" + project.Module},
			{Text: "GoMLX", URL: "https://pkg.go.dev/github.com/gomlx/gomlx"},
			{Text: "Go's packages", URL: "https://pkg.go.dev/std"},
		},
		History: history,
		Log:     slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
}

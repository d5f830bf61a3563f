package server

import (
	"fmt"
	"maps"
	"runtime/debug"
	"strings"
	"time"

	"github.com/sdtlab/sdtlab/kernel/internal/eval"
)

// execute answers execute_request. A request is counted and added to the history unless it
// is silent, says otherwise or has no code. The code is broadcast, unless it is silent,
// then its output, its value or its failure, all of it before the reply. After a failure
// the execute requests that already wait are not executed, unless the request is silent or
// says otherwise.
func (s *server) execute(r *request) (any, error) {
	ask := struct {
		Code            string            `json:"code"`
		Silent          bool              `json:"silent"`
		StoreHistory    bool              `json:"store_history"`
		UserExpressions map[string]string `json:"user_expressions"`
		AllowStdin      bool              `json:"allow_stdin"`
		StopOnError     bool              `json:"stop_on_error"`
	}{StoreHistory: true, StopOnError: true}
	if err := parse(r, &ask); err != nil {
		return nil, err
	}
	out := &output{s: s, r: r, allowStdin: ask.AllowStdin}
	counted := ask.StoreHistory && !ask.Silent && strings.TrimSpace(ask.Code) != ""
	if counted {
		s.count++
		if err := s.history.Add(s.count, ask.Code); err != nil {
			s.log.Warn("history not written", "error", err)
		}
	}
	if ask.Silent {
		out.silence(s.audible)
		defer out.speak()
	} else {
		s.audible = r
		s.publish(r, "execute_input", map[string]any{"code": ask.Code, "execution_count": s.count})
	}
	result := s.evaluate(ask.Code, eval.Ask{
		Silent: ask.Silent, Count: s.count, AllowStdin: ask.AllowStdin, Expressions: ask.UserExpressions,
	}, out)
	content := map[string]any{
		"execution_count":  s.count,
		"user_expressions": objectOr(result.Expressions),
		"payload":          append([]map[string]any{}, result.Payload...),
	}
	outcome := "ok"
	if f := result.Failure; f != nil {
		outcome = "error"
		maps.Copy(content, failureContent(f))
		out.show("error", failureContent(f))
		if !ask.Silent && ask.StopOnError {
			s.shell.abort()
		}
	} else if result.Data != nil {
		out.show("execute_result", map[string]any{
			"execution_count": s.count, "data": result.Data, "metadata": objectOr(result.Metadata),
		})
		if text, ok := result.Data["text/plain"].(string); ok && counted {
			s.history.Result(s.count, text)
		}
	}
	r.metadata = map[string]any{"status": outcome, "started": r.started.UTC().Format(time.RFC3339Nano)}
	return withStatus(outcome, content), nil
}

// evaluate has the evaluator execute code. A panic of the evaluator itself fails the cell;
// the kernel survives it.
func (s *server) evaluate(code string, ask eval.Ask, out *output) (result eval.Result) {
	defer func() {
		if p := recover(); p != nil {
			result = eval.Result{Failure: &eval.Failure{
				Name: "KernelError", Value: fmt.Sprintf("panic: %v", p), Traceback: strings.Split(string(debug.Stack()), "\n"),
			}}
		}
	}()
	return s.ev.Execute(s.ctx, code, ask, out)
}

package host

import (
	"context"
	"sync"
)

// interrupt is the context of the running cell.
var interrupt struct {
	sync.Mutex
	ctx    context.Context
	cancel context.CancelFunc
}

func arm() {
	interrupt.Lock()
	defer interrupt.Unlock()
	if interrupt.cancel != nil {
		interrupt.cancel()
	}
	interrupt.ctx, interrupt.cancel = context.WithCancel(context.Background())
}

func cancel() {
	interrupt.Lock()
	defer interrupt.Unlock()
	if interrupt.cancel != nil {
		interrupt.cancel()
	}
}

// Context returns a context that ends when the running cell is interrupted, or when the
// next one begins.
func Context() context.Context {
	interrupt.Lock()
	defer interrupt.Unlock()
	return interrupt.ctx
}

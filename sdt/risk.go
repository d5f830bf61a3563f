package sdt

import "context"

// validationLoss returns −log p_y for each validation example, in nats.
func (l *Lab) validationLoss(ctx context.Context, m *Model) ([]float64, error) {
	v := l.task.Validation
	z, err := l.logits(ctx, m, v.Examples)
	if err != nil {
		return nil, err
	}
	k := len(v.Classes)
	loss := make([]float64, v.Len())
	for i, y := range v.Labels {
		loss[i] = logSumExp(z[i*k:(i+1)*k]) - float64(z[i*k+int(y)])
	}
	return loss, nil
}

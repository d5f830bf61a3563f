package onnx

// fold replaces transposes and reshapes of given numbers by the numbers in that layout: so a
// file holds filters as its convolutions want them. values are the parameters' numbers; those
// that it makes are added under new names.
func (r *recording) fold(values map[string][]byte) {
	for _, n := range r.nodes {
		if n.op != "Transpose" && n.op != "Reshape" {
			continue
		}
		from := n.in[0]
		data := from.data
		if from.name != "" {
			data = values[from.name]
		}
		if !from.given() || data == nil {
			continue
		}
		if n.op == "Transpose" {
			data = transposed(data, from.shape.Dimensions, n.attributes[0].value.([]int), from.shape.DType.Size())
		}
		n.op, n.in, n.attributes, n.data, n.name = "", nil, nil, data, ""
		if from.name != "" {
			n.name = freeName(from.name, values)
			values[n.name], n.data = data, nil
		}
	}
}

// freeName returns the name for another layout of a parameter: with a prime, or several.
func freeName(name string, taken map[string][]byte) string {
	for taken[name] != nil {
		name += "'"
	}
	return name
}

// transposed returns numbers of width bytes each, of an array with the given dimensions,
// in the order of the transposed array: axis i of it is axis p[i].
func transposed(data []byte, dims, p []int, width int) []byte {
	stride := make([]int, len(dims)) // in numbers, of each axis of data
	count := 1
	for axis := len(dims) - 1; axis >= 0; axis-- {
		stride[axis] = count
		count *= dims[axis]
	}
	out := make([]byte, 0, len(data))
	place := make([]int, len(p)) // in the transposed array
	from := 0
	for range count {
		out = append(out, data[from*width:(from+1)*width]...)
		for i := len(p) - 1; i >= 0; i-- {
			place[i]++
			from += stride[p[i]]
			if place[i] < dims[p[i]] {
				break
			}
			from -= place[i] * stride[p[i]]
			place[i] = 0
		}
	}
	return out
}

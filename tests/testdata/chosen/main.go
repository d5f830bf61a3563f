// Program chosen says on which back end a network on images is trained, and why.
package main

import (
	"fmt"
	"os"

	"github.com/sdtlab/sdtlab/sdt"
)

func main() {
	_, why, err := sdt.ChooseBackend(true)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(why)
}

// Command tool turns the hand-written contract into everything that is made from it.
//
//	tool generate   write the generated files
//	tool check      fail where a generated file is not current
//	tool lint       fail where the contract breaks a rule, or an event breaks a release
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/lintel-id/lintel/openapi/tool/bundle"
	"github.com/lintel-id/lintel/openapi/tool/growth"
	"github.com/lintel-id/lintel/openapi/tool/lint"
	"github.com/lintel-id/lintel/openapi/tool/pipeline"
)

func main() {
	root := flag.String("root", ".", "the root of the module")
	flag.Parse()
	if err := run(*root, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(root, command string) error {
	switch command {
	case "generate":
		files, err := pipeline.Build(root)
		if err != nil {
			return err
		}
		return pipeline.Write(root, files)
	case "check":
		return check(root)
	case "lint":
		return judge(root)
	default:
		return errors.New("usage: tool [-root folder] generate | check | lint")
	}
}

func check(root string) error {
	files, err := pipeline.Build(root)
	if err != nil {
		return err
	}
	stale, err := pipeline.Stale(root, files)
	if err != nil || len(stale) == 0 {
		return err
	}
	return fmt.Errorf("%s\nrun go generate ./gen", strings.Join(stale, "\n"))
}

func judge(root string) error {
	contract, err := bundle.Load(filepath.Join(root, "openapi"))
	if err != nil {
		return err
	}
	findings, err := lint.Check(contract)
	if err != nil {
		return err
	}
	broken, err := growth.Check(filepath.Join(root, "openapi", "released"), contract)
	if err != nil {
		return err
	}
	for _, finding := range findings {
		fmt.Println(finding)
	}
	for _, one := range broken {
		fmt.Println(one)
	}
	if count := len(findings) + len(broken); count > 0 {
		return fmt.Errorf("%d findings", count)
	}
	return nil
}

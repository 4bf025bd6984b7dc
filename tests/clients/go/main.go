// Command clients asks each URL of standard input with Go's net/http and prints what a caller of it gets, one JSON object a line.
package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptrace"
	"net/textproto"
	"os"
	"runtime"
	"strings"
	"time"
)

const limit = 5 * time.Second

type job struct {
	Name   string `json:"name"`
	URL    string `json:"url"`
	Method string `json:"method"`
	HTTP2  bool   `json:"http2"`
}

type answer map[string]any

func main() {
	if len(os.Args) > 1 && os.Args[1] == "--version" {
		fmt.Println(strings.TrimPrefix(runtime.Version(), "go"))
		return
	}
	// The library logs what it finds amiss beside the answer; only what the caller is told counts here.
	log.SetOutput(io.Discard)
	out := json.NewEncoder(os.Stdout)
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var asked job
		if err := json.Unmarshal(in.Bytes(), &asked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		got := ask(asked)
		got["name"] = asked.Name
		if err := out.Encode(got); err != nil {
			os.Exit(2)
		}
	}
}

func ask(asked job) answer {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	var interims []int
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		Got1xxResponse: func(code int, _ textproto.MIMEHeader) error {
			interims = append(interims, code)
			return nil
		},
	})
	// A transport of its own for each URL, so a connection of its own.
	var protocols http.Protocols
	protocols.SetHTTP1(!asked.HTTP2)
	protocols.SetHTTP2(true)
	protocols.SetUnencryptedHTTP2(asked.HTTP2)
	transport := &http.Transport{Protocols: &protocols, TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	defer transport.CloseIdleConnections()
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	got := answer{}
	request, err := http.NewRequestWithContext(ctx, asked.Method, asked.URL, nil)
	if err == nil {
		err = exchange(client, request, got)
	}
	if len(interims) > 0 {
		got["interims"] = interims
	}
	switch {
	case err == nil:
		got["outcome"] = "response"
	case ctx.Err() != nil:
		got = answer{"outcome": "timeout"}
	default:
		inner := err
		for next := errors.Unwrap(inner); next != nil; next = errors.Unwrap(inner) {
			inner = next
		}
		got["outcome"], got["error_kind"], got["error_text"] = "error", kind(inner), inner.Error()
	}
	return got
}

// kind names an error by its variable, where programs compare with one, else by its type.
func kind(err error) string {
	switch err {
	case io.EOF:
		return "io.EOF"
	case io.ErrUnexpectedEOF:
		return "io.ErrUnexpectedEOF"
	case gzip.ErrChecksum:
		return "gzip.ErrChecksum"
	case gzip.ErrHeader:
		return "gzip.ErrHeader"
	}
	return fmt.Sprintf("%T", err)
}

func exchange(client *http.Client, request *http.Request, got answer) error {
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	got["status"] = response.StatusCode
	got["reason"] = strings.TrimPrefix(strings.TrimPrefix(response.Status, fmt.Sprint(response.StatusCode)), " ")
	// What the transport decodes it also takes out of the fields.
	got["coded"] = response.Header.Get("Content-Encoding") != ""
	hash := sha256.New()
	size, err := io.Copy(hash, response.Body)
	if err != nil {
		return err
	}
	got["content_bytes"], got["content_sha256"] = size, hex.EncodeToString(hash.Sum(nil))
	return nil
}

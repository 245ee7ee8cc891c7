// Prints what Go's net/http makes of the answer to a large body.
package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
)

func post(url string, body string, key string) string {
	request, _ := http.NewRequest("POST", url, strings.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	var refusal struct{ StatusCode int }
	if err := json.NewDecoder(answer.Body).Decode(&refusal); err != nil {
		return err.Error()
	}
	return strconv.Itoa(refusal.StatusCode)
}

func main() {
	size, _ := strconv.Atoi(os.Args[2])
	count, _ := strconv.Atoi(os.Args[3])
	key := ""
	if len(os.Args) > 4 {
		key = os.Args[4]
	}
	body := `{"a":"` + strings.Repeat("x", size) + `"}`
	seen := map[string]int{}
	for call := 0; call < count; call++ {
		seen[post(os.Args[1], body, key)]++
	}
	text, _ := json.Marshal(seen)
	fmt.Print(string(text))
}

{{- define "gatehouse.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "gatehouse.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "gatehouse.metadata" -}}
name: {{ include "gatehouse.name" . }}
namespace: {{ .Release.Namespace }}
labels: {{- include "gatehouse.labels" . | nindent 2 }}
{{- end -}}

{{- define "gatehouse.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "gatehouse.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ printf "%s@%s" .repository .digest }}
{{- else -}}
{{ printf "%s:%s" .repository (.tag | default $.Chart.AppVersion) }}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* One entry of `env` that refers to a Secret: (list NAME {secret, key}) */}}
{{- define "gatehouse.secretSetting" -}}
{{- $name := index . 0 -}}
{{- $from := index . 1 -}}
- name: {{ $name }}
  valueFrom: { secretKeyRef: { name: {{ $from.secret }}, key: {{ $from.key }} } }
{{- end -}}

{{- define "gatehouse.environment" -}}
{{- range $name, $value := .Values.settings }}
- { name: {{ $name }}, value: {{ $value | toString | quote }} }
{{- end }}
{{- range $name, $from := .Values.secretSettings }}
{{ include "gatehouse.secretSetting" (list $name $from) }}
{{- end }}
{{- end -}}

{{/* The most connections to Postgres of one pod: its pool and those that docs/operations.md lists */}}
{{- define "gatehouse.connections" -}}
{{- $fixed := eq (get .Values.settings "DATABASE_FAST_LANE") "off" | ternary 5 14 -}}
{{- add (get .Values.settings "DATABASE_POOL_SIZE" | default 10) $fixed -}}
{{- end -}}

{{/* The most pods, with the one that a rolling upgrade adds */}}
{{- define "gatehouse.pods" -}}
{{- add1 (.Values.autoscaling.enabled | ternary .Values.autoscaling.maxReplicas .Values.replicas) -}}
{{- end -}}

{{- define "gatehouse.podSecurityContext" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
fsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "gatehouse.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

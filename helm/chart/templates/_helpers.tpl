{{- define "sluice.name" -}}
{{- .Release.Name | trunc 45 | trimSuffix "-" -}}
{{- end -}}

{{- define "sluice.serviceAccount" -}}
{{- .Values.serviceAccount.name | default (include "sluice.name" .) -}}
{{- end -}}

{{- define "sluice.labels" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- range $key, $value := .Values.labels }}
{{ $key }}: {{ $value | quote }}
{{- end }}
{{- end -}}

{{- define "sluice.flinkConfiguration" -}}
taskmanager.numberOfTaskSlots: {{ .Values.taskManager.slots | quote }}
taskmanager.memory.task.off-heap.size: {{ .Values.taskManager.offHeapMemory | quote }}
execution.checkpointing.interval: {{ printf "%v s" .Values.checkpoints.intervalSeconds | quote }}
execution.checkpointing.mode: EXACTLY_ONCE
execution.checkpointing.dir: {{ .Values.checkpoints.dir | quote }}
execution.checkpointing.savepoint-dir: {{ printf "%s/savepoints" (trimSuffix "/" .Values.checkpoints.dir) | quote }}
env.java.opts.all: -Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.sluice.schemas
{{- if eq .Values.job.upgradeMode "last-state" }}
high-availability.type: kubernetes
high-availability.storageDir: {{ printf "%s/ha" (trimSuffix "/" .Values.checkpoints.dir) | quote }}
{{- end }}
{{- end -}}

package deploy

import (
	"bytes"
	"cmp"
	"errors"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"sigs.k8s.io/json"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

var overlays = []string{"dev", "production", "backfill"}

// build renders an overlay, with the library that kubectl and kustomize are made of.
func build(t *testing.T, overlay string) []byte {
	t.Helper()
	options := krusty.MakeDefaultOptions()
	options.Reorder = krusty.ReorderOptionLegacy // kubectl's order
	rendered, err := krusty.MakeKustomizer(options).Run(filesys.MakeFsOnDisk(), filepath.Join("kubernetes", "overlays", overlay))
	if err != nil {
		t.Fatal(err)
	}
	text, err := rendered.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// manifest is a rendered document as its API type.
type manifest struct {
	kind   string
	object any
	pod    *corev1.PodTemplateSpec // nil: it makes no pods
	job    *batchv1.JobSpec        // nil: it is no job
}

// decode reads every document as the type of its kind. A key that the type does not
// have is an error, and so is a kind that is not known here.
func decode(t *testing.T, text []byte) []manifest {
	t.Helper()
	var all []manifest
	for document := range bytes.SplitSeq(text, []byte("\n---\n")) {
		var head struct {
			APIVersion string `json:"apiVersion"`
			Kind       string `json:"kind"`
		}
		if err := yaml.Unmarshal(document, &head); err != nil {
			t.Fatal(err)
		}
		m := manifest{kind: head.Kind}
		switch head.APIVersion + " " + head.Kind {
		case "v1 Namespace":
			m.object = &corev1.Namespace{}
		case "v1 ServiceAccount":
			m.object = &corev1.ServiceAccount{}
		case "v1 ConfigMap":
			m.object = &corev1.ConfigMap{}
		case "v1 Secret":
			m.object = &corev1.Secret{}
		case "networking.k8s.io/v1 NetworkPolicy":
			m.object = &networkingv1.NetworkPolicy{}
		case "batch/v1 Job":
			job := &batchv1.Job{}
			m.object, m.job, m.pod = job, &job.Spec, &job.Spec.Template
		case "batch/v1 CronJob":
			cron := &batchv1.CronJob{}
			m.object, m.job, m.pod = cron, &cron.Spec.JobTemplate.Spec, &cron.Spec.JobTemplate.Spec.Template
		default:
			t.Fatalf("a %s %s: say here what it must be like", head.APIVersion, head.Kind)
		}
		if err := readStrictly(document, m.object); err != nil {
			t.Errorf("%s: %v", head.Kind, err)
		}
		all = append(all, m)
	}
	return all
}

// readStrictly reads a document as the API server does: keys are known, each comes
// once, and their case counts, which encoding/json overlooks.
func readStrictly(document []byte, object any) error {
	text, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return err
	}
	slips, err := json.UnmarshalStrict(text, object)
	return errors.Join(append(slips, err)...)
}

func TestOverlaysDecode(t *testing.T) {
	want := map[string]string{
		"dev":        "ConfigMap CronJob Job Namespace NetworkPolicy Secret Secret ServiceAccount",
		"production": "ConfigMap CronJob Job Namespace NetworkPolicy ServiceAccount",
		"backfill":   "Job", // alone: what production made its own is not overwritten, nor deleted with it
	}
	for _, overlay := range overlays {
		var kinds []string
		for _, m := range decode(t, build(t, overlay)) {
			kinds = append(kinds, m.kind)
		}
		slices.Sort(kinds)
		if got := strings.Join(kinds, " "); got != want[overlay] {
			t.Errorf("%s holds %s, want %s", overlay, got, want[overlay])
		}
	}
}

// What kubectl renders is what is checked here.
func TestKubectlRendersTheSame(t *testing.T) {
	kubectl, err := exec.LookPath("kubectl")
	if err != nil {
		t.Skip("kubectl is not installed: its library alone was tried")
	}
	for _, overlay := range overlays {
		out, err := exec.CommandContext(t.Context(), kubectl, "kustomize", filepath.Join("kubernetes", "overlays", overlay)).Output()
		if err != nil {
			t.Fatalf("kubectl kustomize %s: %v", overlay, err)
		}
		if !bytes.Equal(bytes.TrimSpace(out), bytes.TrimSpace(build(t, overlay))) {
			t.Errorf("%s: kubectl renders something else", overlay)
		}
	}
}

// Every pod runs as nobody, with a root that it cannot write, and keeps the rules of
// Pod Security's profile "restricted".
func TestPodsMayDoNothing(t *testing.T) {
	each(t, func(t *testing.T, m manifest) {
		spec := m.pod.Spec
		if len(spec.Containers) != 1 || len(spec.InitContainers) > 0 {
			t.Fatalf("%d containers", len(spec.Containers)+len(spec.InitContainers))
		}
		pod, own := *cmp.Or(spec.SecurityContext, &corev1.PodSecurityContext{}), *cmp.Or(spec.Containers[0].SecurityContext, &corev1.SecurityContext{})
		for what, holds := range map[string]bool{
			"runs as 65532, and may not be root":  is(pod.RunAsNonRoot, true) && is(pod.RunAsUser, 65532) && is(pod.RunAsGroup, 65532),
			"has the runtime's seccomp profile":   pod.SeccompProfile != nil && pod.SeccompProfile.Type == corev1.SeccompProfileTypeRuntimeDefault,
			"has a root that it cannot write":     is(own.ReadOnlyRootFilesystem, true),
			"cannot gain privileges":              is(own.AllowPrivilegeEscalation, false),
			"has no capability":                   own.Capabilities != nil && slices.Equal(own.Capabilities.Drop, []corev1.Capability{"ALL"}) && len(own.Capabilities.Add) == 0,
			"has no token of the cluster":         is(spec.AutomountServiceAccountToken, false) && spec.ServiceAccountName == "simsync",
			"knows nothing of services around it": is(spec.EnableServiceLinks, false),
			"shares nothing with its node":        !spec.HostNetwork && !spec.HostPID && !spec.HostIPC,
		} {
			if !holds {
				t.Errorf("it is not so that it %s", what)
			}
		}
	})
}

// A pod says what it needs, and has an image of one version.
func TestPodsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, m manifest) {
		c := m.pod.Spec.Containers[0]
		if c.Resources.Requests.Cpu().IsZero() || c.Resources.Requests.Memory().IsZero() || c.Resources.Limits.Memory().IsZero() {
			t.Errorf("resources: %v", c.Resources)
		}
		if image, tag, ok := strings.Cut(c.Image, ":"); !ok || tag == "latest" || image == "simsync" {
			t.Errorf("image %s", c.Image)
		}
		if m.job.ActiveDeadlineSeconds == nil || m.job.BackoffLimit == nil {
			t.Error("the job has no deadline, or no bound of tries")
		}
	})
}

// Secrets are files, read-only and for the pod's group, never variables, which every
// child and every crash report would show.
func TestSecretsAreFiles(t *testing.T) {
	each(t, func(t *testing.T, m manifest) {
		spec := m.pod.Spec
		if len(spec.Containers[0].EnvFrom) > 0 {
			t.Error("variables come from elsewhere")
		}
		for _, env := range spec.Containers[0].Env {
			if env.ValueFrom != nil || strings.Contains(env.Value, "://") {
				t.Errorf("the variable %s may hold a secret", env.Name)
			}
		}
		mounts := make(map[string]corev1.VolumeMount)
		for _, mount := range spec.Containers[0].VolumeMounts {
			mounts[mount.Name] = mount
		}
		secrets := 0
		for _, volume := range spec.Volumes {
			if volume.Secret == nil {
				continue
			}
			secrets++
			if !is(volume.Secret.DefaultMode, 0o440) || !mounts[volume.Name].ReadOnly || !is(spec.SecurityContext.FSGroup, 65532) {
				t.Errorf("the Secret %s is not for the group alone, to read", volume.Secret.SecretName)
			}
		}
		if secrets != 1 {
			t.Errorf("%d Secrets", secrets)
		}
	})
}

// The backfill runs the image and the settings that run every night.
func TestBackfillIsProductions(t *testing.T) {
	find := func(overlay, kind string) corev1.PodSpec {
		for _, m := range decode(t, build(t, overlay)) {
			if m.kind == kind {
				return m.pod.Spec
			}
		}
		t.Fatalf("%s has no %s", overlay, kind)
		return corev1.PodSpec{}
	}
	night, once := find("production", "CronJob"), find("backfill", "Job")
	night.Containers[0].Args, once.Containers[0].Args = nil, nil
	a, errA := yaml.Marshal(night)
	b, errB := yaml.Marshal(once)
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("but for the arguments the pods differ:\n%s\n%s", a, b)
	}
}

// What the backfill refers to by name is there under that name: production gives its
// settings no hash.
func TestBackfillFindsTheSettings(t *testing.T) {
	var names []string
	for _, m := range decode(t, build(t, "production")) {
		if settings, ok := m.object.(*corev1.ConfigMap); ok {
			names = append(names, settings.Name)
		}
	}
	for _, m := range decode(t, build(t, "backfill")) {
		for _, volume := range m.pod.Spec.Volumes {
			if volume.ConfigMap != nil && !slices.Contains(names, volume.ConfigMap.Name) {
				t.Errorf("the ConfigMap %s is none of production's %v", volume.ConfigMap.Name, names)
			}
		}
	}
}

// Production holds no Secret: whoever reads the repository reads none.
func TestProductionHoldsNoSecret(t *testing.T) {
	for _, overlay := range []string{"production", "backfill"} {
		if text := build(t, overlay); bytes.Contains(text, []byte("kind: Secret")) || bytes.Contains(text, []byte("password:")) {
			t.Errorf("%s holds a secret", overlay)
		}
	}
}

// A strict reader finds a slip: the checks above can fail.
func TestASlipIsFound(t *testing.T) {
	good := build(t, "production")
	slipped := bytes.Replace(good, []byte("backoffLimit:"), []byte("backOffLimit:"), 1)
	if bytes.Equal(good, slipped) {
		t.Fatal("nothing to misspell")
	}
	for document := range bytes.SplitSeq(slipped, []byte("\n---\n")) {
		if bytes.Contains(document, []byte("backOffLimit:")) && readStrictly(document, &batchv1.CronJob{}) == nil {
			t.Error("a misspelt key was read over")
		}
	}
}

// each calls check for every job of every overlay.
func each(t *testing.T, check func(*testing.T, manifest)) {
	t.Helper()
	jobs := 0
	for _, overlay := range overlays {
		for _, m := range decode(t, build(t, overlay)) {
			if m.pod == nil {
				continue
			}
			jobs++
			t.Run(overlay+"/"+m.kind, func(t *testing.T) { check(t, m) })
		}
	}
	if jobs != 5 {
		t.Errorf("%d jobs, want 5", jobs)
	}
}

// is says whether an optional value is given, and this one.
func is[T comparable](value *T, want T) bool { return value != nil && *value == want }

package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"golang.org/x/sync/errgroup"
)

const (
	// partSize is how much of an upload is held in memory, the least that S3 allows. With
	// its ten thousand parts a file may have 50 GB.
	partSize = 5 << 20
	// uploadTries bounds how often a request to the bucket is made. The library's own ten
	// would hold a run up for minutes.
	uploadTries = 4
	// discardTimeout bounds the wait for a server that is told to forget an upload. Where it
	// does not listen, the next run tells it again.
	discardTimeout = 5 * time.Second
)

// bucket is a place in an object store that speaks S3.
type bucket struct {
	client *minio.Client
	name   string
	prefix string // empty, or with a slash at its end
}

// openBucket makes the client of s3://bucket/prefix. Nothing is sent yet.
func openBucket(o Options) (*bucket, error) {
	name, prefix, err := parseS3(o.URL)
	if err != nil {
		return nil, err
	}
	endpoint, err := url.Parse(o.Endpoint)
	if err != nil || endpoint.Host == "" || strings.Trim(endpoint.Path, "/") != "" {
		return nil, fmt.Errorf("the archive's endpoint is no address of a server such as %s", DefaultEndpoint)
	}
	keys := credentials.NewStaticV4(o.AccessKey, o.SecretKey, o.SessionToken)
	if o.AccessKey == "" {
		keys = credentials.NewIAM("") // a role of the machine or of the pod
	}
	client, err := minio.New(endpoint.Host, &minio.Options{
		Creds: keys, Secure: endpoint.Scheme == "https", Region: o.Region, MaxRetries: uploadTries, BucketLookup: lookup(endpoint.Host),
	})
	if err != nil {
		return nil, fmt.Errorf("the archive's endpoint: %w", err)
	}
	return &bucket{client: client, name: name, prefix: prefix}, nil
}

// lookup puts the bucket's name into the path, save at Amazon: other servers seldom have
// a name in the DNS for each.
func lookup(host string) minio.BucketLookupType {
	if strings.HasSuffix(host, ".amazonaws.com") {
		return minio.BucketLookupAuto
	}
	return minio.BucketLookupPath
}

// IsBucket tells whether a place is a bucket rather than a folder.
func IsBucket(place string) bool { return strings.HasPrefix(place, "s3://") }

// parseS3 takes s3://bucket/prefix apart.
func parseS3(text string) (name, prefix string, err error) {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return "", "", errors.New("the archive's URL is not s3://BUCKET or s3://BUCKET/PREFIX")
	case u.Path == "" || u.Path == "/":
		return u.Host, "", nil
	}
	return u.Host, strings.Trim(u.Path, "/") + "/", nil
}

func (b *bucket) String() string { return "s3://" + b.name + "/" + strings.TrimSuffix(b.prefix, "/") }

func (b *bucket) create(ctx context.Context, name string) (draft, error) {
	ctx, cancel := context.WithCancel(ctx)
	from, to := io.Pipe()
	d := &upload{PipeWriter: to, cancel: cancel}
	d.sending.Go(func() error {
		_, err := b.client.PutObject(ctx, b.name, b.prefix+name, from, -1, minio.PutObjectOptions{
			PartSize: partSize, ContentType: "application/zstd",
			// Each part by its MD5, and not in signed chunks, which not every server reads.
			SendContentMd5: true, DisableContentSha256: true,
		})
		from.CloseWithError(errors.Join(err, io.ErrClosedPipe)) // who still writes must not wait
		return err
	})
	return d, nil
}

// upload is a file on its way. Until it is complete the bucket shows nothing of it.
type upload struct {
	*io.PipeWriter
	sending errgroup.Group
	cancel  context.CancelFunc
}

func (u *upload) publish() error {
	defer u.cancel()
	return errors.Join(u.Close(), u.sending.Wait())
}

// errDiscarded ends an upload before its end, so that it is given up.
var errDiscarded = errors.New("given up")

func (u *upload) discard() {
	defer time.AfterFunc(discardTimeout, u.cancel).Stop()
	_ = u.CloseWithError(errDiscarded)
	_ = u.sending.Wait() // its error is ours; the server is told that no more comes
	u.cancel()
}

func (b *bucket) open(ctx context.Context, name string) (io.ReadCloser, error) {
	object, err := b.client.GetObject(ctx, b.name, b.prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	if _, err := object.Stat(); err != nil { // nothing has been asked for until then
		_ = object.Close()
		return nil, notThere(err)
	}
	return object, nil
}

// notThere is fs.ErrNotExist where the bucket says that there is no such object.
func notThere(err error) error {
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		return fs.ErrNotExist
	}
	return err
}

func (b *bucket) list(ctx context.Context, folder string) ([]string, error) {
	below := b.prefix
	if folder != "" {
		below += folder + "/"
	}
	var names []string
	for object := range b.client.ListObjectsIter(ctx, b.name, minio.ListObjectsOptions{Prefix: below, Recursive: true}) {
		if object.Err != nil {
			return nil, object.Err
		}
		names = append(names, strings.TrimPrefix(object.Key, b.prefix))
	}
	return names, nil
}

func (b *bucket) remove(ctx context.Context, names []string) error {
	var failures []error
	for _, name := range names {
		if err := b.client.RemoveObject(ctx, b.name, b.prefix+name, minio.RemoveObjectOptions{}); err != nil {
			failures = append(failures, err)
		}
	}
	return errors.Join(failures...)
}

func (b *bucket) sweep(ctx context.Context, folder string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // the listing has a goroutine of its own
	var failures []error
	for begun := range b.client.ListIncompleteUploads(ctx, b.name, b.prefix+folder+"/", true) {
		name := strings.TrimPrefix(begun.Key, b.prefix)
		switch {
		case minio.ToErrorResponse(begun.Err).Code == minio.NoSuchUpload: // how some servers say that there is none
		case begun.Err != nil:
			failures = append(failures, begun.Err)
		case isOurs(name):
			failures = append(failures, b.client.RemoveIncompleteUpload(ctx, b.name, begun.Key))
		}
	}
	return errors.Join(failures...)
}

# One static binary in an empty image, run by nobody in particular.
#
#   docker build -t lintel .
#   docker run -p 8080:8080 -v lintel-data:/data -e LINTEL_BASE_URL=https://… -e LINTEL_ROOT_KEYS=… lintel
FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/lintel ./server/cmd/lintel \
    && mkdir -p /out/data

FROM scratch
# Outbound calls check certificates; everything else is in the binary.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/lintel /lintel
COPY --from=build --chown=65532:65532 --chmod=0700 /out/data /data
USER 65532:65532
# The public listener has to be reachable from outside the container; the
# operations listener stays on loopback unless the platform asks for it.
ENV LINTEL_MODE=production LINTEL_LISTEN=:8080 LINTEL_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
ENTRYPOINT ["/lintel"]
CMD ["serve"]

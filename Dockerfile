# syntax=docker/dockerfile:1
# What is built: the program with its bill of materials, a Java that has no more than it needs, and the AOT cache.
FROM maven:3-eclipse-temurin-25 AS build
WORKDIR /build
COPY pom.xml ./
COPY conf conf
COPY src/main src/main
COPY src/docker src/docker
RUN --mount=type=cache,target=/root/.m2 mvn -B -ntp -DskipTests package cyclonedx:makeBom
# At the path where it will run: the cache holds the program's path, size and time.
RUN src/docker/assemble target/keygate.jar /opt/keygate && cp target/bom.json /opt/keygate/bom.json

FROM debian:12-slim
LABEL org.opencontainers.image.title="Keygate" \
      org.opencontainers.image.description="Verifies Unkey API keys in front of any HTTP service" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="0.1.0"
COPY --from=build /opt/keygate /opt/keygate
COPY LICENSE /opt/keygate/LICENSE
WORKDIR /opt/keygate
# A number, so that Kubernetes can see that it is not root. Nothing is written, so nothing belongs to it.
USER 65532:65532
# For a sidecar: a quick start and little memory. In front of much traffic -XX:TieredStopAtLevel=4 is worth its price.
ENV JDK_JAVA_OPTIONS="-XX:TieredStopAtLevel=1"
EXPOSE 8080 9090
# Of a container by itself; Kubernetes has probes of its own and ignores this. There is no curl in the image.
HEALTHCHECK --interval=10s --timeout=2s --start-period=5s --start-interval=1s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/9090 && printf 'GET /readyz HTTP/1.0\\r\\n\\r\\n' >&3 && read -r answer <&3 && [[ $answer == *' 200 '* ]]"]
ENTRYPOINT ["java/bin/java", "@jvm.options", "-jar", "keygate.jar"]
CMD ["run", "--config", "/etc/keygate/keygate.yaml"]

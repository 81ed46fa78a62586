package bench;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cloud.gateway.route.RouteLocator;
import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
import org.springframework.context.annotation.Bean;

/** Spring Cloud Gateway as one would write it for this: routes by path, and a filter that remembers verdicts. */
@SpringBootApplication
public class Application {
    public static void main(String[] args) {
        SpringApplication.run(Application.class, args);
    }

    @Bean
    RouteLocator routes(
            RouteLocatorBuilder builder,
            @Value("${bench.routes}") int routes,
            @Value("${bench.backend}") String backend) {
        RouteLocatorBuilder.Builder all = builder.routes();
        for (int i = 0; i < routes; i++) {
            String path = "/r" + i + "/**";
            all.route("r" + i, route -> route.path(path).uri(backend));
        }
        return all.build();
    }
}

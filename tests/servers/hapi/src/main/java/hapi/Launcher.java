package hapi;

import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.provider.IJpaSystemProvider;
import ca.uhn.fhir.jpa.provider.JpaCapabilityStatementProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import java.net.InetSocketAddress;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;

/**
 * A HAPI FHIR R4 server that only this machine can reach, empty at each start. Its argument is the port, 0 (also without
 * one) for any that is free; once it answers, its base URL is printed. It ends when its process is ended.
 */
public final class Launcher {

    public static void main(String[] arguments) throws Exception {
        int port = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 0;
        ApplicationContext beans = new AnnotationConfigApplicationContext(Storage.class);
        ServletContextHandler handler = new ServletContextHandler();
        ServletHolder servlet = new ServletHolder(fhirServer(beans));
        servlet.setInitOrder(1);
        handler.addServlet(servlet, "/fhir/*");
        Server server = new Server(new InetSocketAddress("127.0.0.1", port));
        server.setHandler(handler);
        server.start();
        System.out.println("http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + "/fhir");
        server.join();
    }

    private static RestfulServer fhirServer(ApplicationContext beans) {
        IFhirSystemDao<?, ?> system = beans.getBean(IFhirSystemDao.class);
        RestfulServer server = new RestfulServer(system.getContext());
        server.registerProviders(beans.getBean(ResourceProviderFactory.class).createProviders());
        server.registerProvider(beans.getBean(IJpaSystemProvider.class));
        server.setServerConformanceProvider(new JpaCapabilityStatementProvider(
                server, system, beans.getBean(JpaStorageSettings.class), beans.getBean(ISearchParamRegistry.class),
                beans.getBean(IValidationSupport.class)));
        server.setPagingProvider(beans.getBean(DatabaseBackedPagingProvider.class));
        server.setDefaultPrettyPrint(true);
        server.setDefaultResponseEncoding(EncodingEnum.JSON);
        return server;
    }
}
